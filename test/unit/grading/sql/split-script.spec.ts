import { describe, expect, it } from 'vitest';
import { MOST_STATEMENTS, splitScript } from '../../../../src/grading/sql/split-script.js';
import type { SqlDialect } from '../../../../src/grading/sql/sql-engine-name.js';

function texts(script: string, dialect: SqlDialect): string[] {
  const split = splitScript(script, dialect);
  if (!split.ok) throw new Error(split.fault);
  return split.statements.map(({ text }) => text);
}

const ALL: readonly SqlDialect[] = ['sqlite', 'mysql', 'postgres'];

describe.each(ALL)('a script for %s', (dialect) => {
  it('is divided at semicolons outside strings, names and comments, and keeps the lines', () => {
    const script = `-- ; first\nSELECT 'a;''b;' /* ; */;\n\n  SELECT "c;d" -- ; here\n  FROM t;;\nSELECT 3`;
    expect(splitScript(script, dialect)).toEqual({
      ok: true,
      statements: [
        { text: `SELECT 'a;''b;' /* ; */`, line: 2 },
        { text: `SELECT "c;d" -- ; here\n  FROM t`, line: 4 },
        { text: 'SELECT 3', line: 6 },
      ],
    });
  });

  it('holds nothing but comments, or nothing', () => {
    expect(texts('', dialect)).toEqual([]);
    expect(texts('\ufeff -- x\n/* y; */ ;', dialect)).toEqual([]);
  });

  it('goes to the end where a string or comment is not closed', () => {
    expect(texts("SELECT 1; SELECT 'a; SELECT 2;", dialect)).toEqual(['SELECT 1', "SELECT 'a; SELECT 2;"]);
    expect(texts('SELECT 1 /* ; SELECT 2;', dialect)).toHaveLength(1);
  });

  it('is refused with NUL, and with more statements than anyone writes', () => {
    expect(splitScript('SELECT 1;\nSELECT \0;', dialect)).toMatchObject({ ok: false, line: 2 });
    expect(splitScript('SELECT 1;'.repeat(MOST_STATEMENTS + 1), dialect)).toMatchObject({ ok: false });
  });

  it('is divided in time that grows only linearly, whatever it repeats', () => {
    // Quadratic would be minutes, and end at the time limit of tests.
    for (const piece of ["'", '/*', '(', '$$', '$a$ ', '[', '\\', '*/', '--', "E'\\", ';']) {
      expect(splitScript(piece.repeat(60_000), dialect)).toHaveProperty('ok');
      expect(splitScript('/*'.repeat(30_000) + piece.repeat(30_000), dialect)).toHaveProperty('ok');
    }
  });
});

describe('a script for sqlite', () => {
  it('keeps the body of a trigger together', () => {
    const trigger = `CREATE TEMP TRIGGER log AFTER UPDATE ON t BEGIN
  INSERT INTO l VALUES (CASE WHEN 1 THEN 2 END);
  UPDATE t SET a = 1; -- end;
END`;
    expect(texts(`${trigger};\nSELECT 1;`, 'sqlite')).toEqual([trigger, 'SELECT 1']);
    expect(texts('CREATE TABLE trigger_log (a); SELECT 2', 'sqlite')).toHaveLength(2);
  });

  it('knows names in brackets and backticks', () => {
    expect(texts('SELECT [a;b], `c;d`; SELECT 1', 'sqlite')).toHaveLength(2);
  });

  it('says that commands of the shell are no SQL', () => {
    expect(splitScript('SELECT 1;\n.read /etc/passwd', 'sqlite')).toMatchObject({ ok: false, line: 2 });
    expect(texts('SELECT .5', 'sqlite')).toEqual(['SELECT .5']);
  });
});

describe('a script for mysql', () => {
  it('obeys DELIMITER', () => {
    const procedure = 'CREATE PROCEDURE p()\nBEGIN\n  SELECT 1;\n  SELECT 2;\nEND';
    const script = `DELIMITER $$\n${procedure}$$\ndelimiter //\n${procedure} //\nDELIMITER ;\nCALL p();`;
    expect(texts(script, 'mysql')).toEqual([procedure, procedure, 'CALL p()']);
    expect(splitScript('DELIMITER\nSELECT 1', 'mysql')).toMatchObject({ ok: false, line: 1 });
    expect(texts('SELECT delimiter FROM t', 'mysql')).toHaveLength(1);
  });

  it('knows its comments, escapes and names', () => {
    expect(texts('SELECT 1; # no; comment\nSELECT \'a\\\';b\', "c\\";", `d;`, 5--1;', 'mysql')).toHaveLength(2);
    expect(texts('/*!50003 SET @a = 1 */; SELECT 1', 'mysql')).toHaveLength(2);
  });
});

describe('a script for postgres', () => {
  it('keeps dollar quotes, nested comments, parentheses and bodies together', () => {
    const body = 'CREATE FUNCTION f() RETURNS int AS $x$ BEGIN; RETURN $$;$$; END; $x$ LANGUAGE plpgsql';
    const atomic =
      'CREATE OR REPLACE FUNCTION g() RETURNS int BEGIN ATOMIC; SELECT CASE WHEN true THEN 1 END; SELECT 2; END';
    const rule = 'CREATE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)';
    expect(
      texts(`${body};\n${atomic};${rule}; SELECT 1 /* /* ; */ ; */; SELECT E'a\\';' , a$b$ FROM t`, 'postgres'),
    ).toEqual([body, atomic, rule, 'SELECT 1 /* /* ; */ ; */', "SELECT E'a\\';' , a$b$ FROM t"]);
    expect(texts("BEGIN; SELECT 'a\\'; COMMIT", 'postgres')).toHaveLength(3);
  });

  it('says that commands of psql are no SQL', () => {
    expect(splitScript('SELECT 1;\n\\! rm -rf /', 'postgres')).toMatchObject({ ok: false, line: 2 });
  });
});
