/**
 * How long a test waits for what has to come: so long that a machine with much else to do makes it in time. What never comes
 * is found by it, what is slow is not.
 */
export const patienceMs = 120_000;
