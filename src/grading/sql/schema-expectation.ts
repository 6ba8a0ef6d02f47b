/** What happens to rows that refer to one that goes or changes. */
export const REFERENTIAL_ACTIONS = ['no action', 'restrict', 'cascade', 'set null', 'set default'] as const;
export type ReferentialAction = (typeof REFERENTIAL_ACTIONS)[number];

/** What a test expects of the tables and other objects that a script leaves. What is not named is not looked at. */
export interface SqlSchemaExpectation {
  /** By name; null: there must be none of that name. */
  readonly tables: Readonly<Record<string, SqlTableExpectation | null>>;
  readonly views: readonly string[];
  readonly triggers: readonly SqlTriggerExpectation[];
  readonly procedures: readonly string[];
  readonly functions: readonly string[];
}

export interface SqlTableExpectation {
  /** By name; null: there must be none of that name. */
  readonly columns: Readonly<Record<string, SqlColumnExpectation | null>>;
  /** True: there are no other columns. */
  readonly onlyTheseColumns: boolean;
  readonly indexes: readonly SqlIndexExpectation[];
  readonly constraints: SqlConstraintsExpectation;
}

/** Null: not looked at. */
export interface SqlColumnExpectation {
  readonly type: string | null;
  readonly nullable: boolean | null;
  /** An expression of SQL, such as `0` or `'new'`; the text `none`: there is none. */
  readonly default: string | null;
  readonly primaryKey: boolean | null;
}

export interface SqlIndexExpectation {
  readonly columns: readonly string[];
  /** Null: any name. */
  readonly name: string | null;
  /** Null: either. */
  readonly unique: boolean | null;
}

export interface SqlConstraintsExpectation {
  /** Columns of the whole primary key in its order; null: not looked at. */
  readonly primaryKey: readonly string[] | null;
  /** Sets of columns that must be unique. */
  readonly unique: readonly (readonly string[])[];
  /** Conditions. */
  readonly check: readonly string[];
  readonly foreignKeys: readonly SqlForeignKeyExpectation[];
}

export interface SqlForeignKeyExpectation {
  readonly columns: readonly string[];
  readonly references: string;
  /** Null: any. */
  readonly referencedColumns: readonly string[] | null;
  readonly onDelete: ReferentialAction | null;
  readonly onUpdate: ReferentialAction | null;
}

export interface SqlTriggerExpectation {
  readonly name: string;
  /** Null: on any table. */
  readonly table: string | null;
}
