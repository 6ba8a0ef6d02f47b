/** The dialects whose scripts can be divided into statements. */
export type SqlDialect = 'sqlite' | 'mysql' | 'postgres';

/** The engines that `sql` tests run on. */
export const SQL_ENGINES = ['sqlite', 'mysql', 'postgres'] as const satisfies readonly SqlDialect[];
export type SqlEngineName = (typeof SQL_ENGINES)[number];
