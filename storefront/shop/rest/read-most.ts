/** The largest number of products that one request for a page reads, from the first of the catalogue on. */
export const readMost = 1_000;
