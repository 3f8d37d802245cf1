/** How a poll asks: all that it shows waits for the last answer. */
export const inPoll = {
  /**
   * How long what moved or is loading is asked again, in ms: long enough for an election, short enough that one group
   * whose coordinator stays away does not hold up all others. The next poll asks anew.
   */
  retryForMs: 3_000,
  /** One broker that hangs does not hold up what the others answered. */
  leaveLate: true,
} as const;
