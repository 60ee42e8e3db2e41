/** The columns that say where an imported row's values came from. */
export const ORIGIN_COLUMNS = ['origin_import_id', 'origin_line', 'origin_raw'] as const;
