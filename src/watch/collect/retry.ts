/**
 * How long a poll asks again for what moved or is loading, in ms: long enough for an election, short enough that one
 * group whose coordinator stays away does not hold up all others. The next poll asks anew.
 */
export const retryForMs = 3_000;
