import { ADMINISTRATOR, ask, findProgram, quoted, type ServiceDefinition, STUDENT, versionOf } from './service.js';

/** Small and quick: what it holds is gone in a minute, so nothing need be safe from a crash. `loose`: MySQL or MariaDB alone knows it. */
const OPTIONS = [
  '--no-defaults',
  '--datadir=/box/data',
  '--innodb-buffer-pool-size=32M',
  '--loose-innodb-log-file-size=4M',
  '--loose-innodb-use-native-aio=0',
  '--loose-performance-schema=OFF',
].join(' ');

const RUNNING = [
  OPTIONS,
  '--bind-address=127.0.0.1',
  '--socket=/tmp/mysql.socket',
  '--pid-file=/tmp/mysql.pid',
  '--tmpdir=/tmp',
  '--skip-name-resolve',
  '--skip-log-bin',
  '--innodb-flush-log-at-trx-commit=0',
  '--loose-mysqlx=OFF',
  '--init-file=/box/data/init.sql',
].join(' ');

/**
 * Run by every start, before anybody is let in. Users that were made with the data have no passwords. The student's may make
 * databases of their own, by the names `app_…`.
 */
function accounts(adminPassword: string): string {
  return [
    `CREATE DATABASE IF NOT EXISTS ${STUDENT.database} CHARACTER SET utf8mb4;`,
    `CREATE USER IF NOT EXISTS '${STUDENT.user}'@'%' IDENTIFIED BY '${STUDENT.password}';`,
    `GRANT ALL ON ${STUDENT.database}.* TO '${STUDENT.user}'@'%';`,
    `GRANT ALL ON \`${STUDENT.database}\\_%\`.* TO '${STUDENT.user}'@'%';`,
    `CREATE USER IF NOT EXISTS '${ADMINISTRATOR}'@'%' IDENTIFIED BY '${adminPassword}';`,
    `GRANT ALL ON *.* TO '${ADMINISTRATOR}'@'%' WITH GRANT OPTION;`,
    "DROP USER IF EXISTS 'root'@'localhost', 'root'@'127.0.0.1', 'root'@'::1', 'root'@'box';",
  ].join('\n');
}

/** MariaDB or MySQL, whichever is installed; MariaDB where both are. */
export const mysql: ServiceDefinition = {
  key: 'mysql',
  title: 'MySQL or MariaDB',
  port: 3306,
  memoryMiB: 512,
  missing: 'Neither MariaDB nor MySQL is installed: apt-get install mariadb-server',
  find: async () => {
    const mariadb = await findProgram('/usr/sbin/mariadbd', '/usr/local/sbin/mariadbd');
    const installer = mariadb === null ? null : await findProgram('/usr/bin/mariadb-install-db');
    const server = mariadb !== null && installer !== null ? mariadb : await findProgram('/usr/sbin/mysqld');
    const version = server === null ? null : await versionOf(server);
    if (server === null || version === null) return null;
    const client = await findProgram('/usr/bin/mariadb', '/usr/bin/mysql');
    const initialise =
      server === mariadb
        ? // --force: it need not find itself by its name. With --skip-test-db it makes nobody without a name either.
          `${quoted(installer ?? '')} ${OPTIONS} --auth-root-authentication-method=normal --skip-test-db --skip-name-resolve --force`
        : `${quoted(server)} ${OPTIONS} --initialize-insecure`;
    return {
      version,
      prepare: (adminPassword) =>
        `${initialise} >&2 || exit 1\nprintf %s ${quoted(accounts(adminPassword))} > data/init.sql`,
      start: ({ port }) => `exec ${quoted(server)} ${RUNNING} --port=${port}`,
      seed:
        client === null
          ? null
          : ({ port }) =>
              `exec ${quoted(client)} --no-defaults --default-character-set=utf8mb4 -h 127.0.0.1 -P ${port} -u ${STUDENT.user} -p${STUDENT.password} ${STUDENT.database} < seed`,
    };
  },
  // The greeting of a server that takes connections: its protocol is version 10. An error in its place has 255 there.
  isReady: async (connection) => (await ask(connection, null))[4] === 10,
  environment: (port) => ({
    MYSQL_URL: `mysql://${STUDENT.user}:${STUDENT.password}@127.0.0.1:${port}/${STUDENT.database}`,
  }),
};
