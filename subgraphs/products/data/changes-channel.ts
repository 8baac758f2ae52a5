/** The channel on which the database notifies the ids of products whose stock changes (migration 0003). */
export const stockChangesChannel = 'stock_changed';
