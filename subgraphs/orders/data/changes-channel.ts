/** The channel on which the database notifies the ids of orders whose state changes (migration 0003). */
export const orderChangesChannel = 'orders_changed';
