/** What an engine says of the tables of a database, in one shape for all engines. */
export interface SchemaFacts {
  readonly tables: readonly TableFacts[];
  readonly views: readonly string[];
  readonly triggers: readonly { readonly name: string; readonly table: string }[];
  readonly procedures: readonly string[];
  readonly functions: readonly string[];
}

export interface TableFacts {
  readonly name: string;
  readonly columns: readonly ColumnFacts[];
  /** Columns of the primary key, in its order. */
  readonly primaryKey: readonly string[];
  /** All indexes, also those that constraints made. */
  readonly indexes: readonly IndexFacts[];
  /** Conditions as the engine keeps them. */
  readonly checks: readonly string[];
  readonly foreignKeys: readonly ForeignKeyFacts[];
}

export interface ColumnFacts {
  readonly name: string;
  /** As the engine writes it, such as `character varying(20)`. */
  readonly type: string;
  readonly isNullable: boolean;
  /** The expression of the default as the engine keeps it; null for none. */
  readonly defaultValue: string | null;
}

export interface IndexFacts {
  readonly name: string;
  /** Null in the place of an expression. */
  readonly columns: readonly (string | null)[];
  readonly isUnique: boolean;
  /** True where it holds some rows only. */
  readonly isPartial: boolean;
}

export interface ForeignKeyFacts {
  readonly columns: readonly string[];
  readonly table: string;
  /** Empty where the engine only says that it is the primary key. */
  readonly referencedColumns: readonly string[];
  readonly onDelete: string;
  readonly onUpdate: string;
}
