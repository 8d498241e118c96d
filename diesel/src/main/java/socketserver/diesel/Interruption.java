package socketserver.diesel;

/** What ends a loop's wait without an answer. */
enum Interruption {
  /** The parent has ended: the wait throws {@link ParentDiedException}, once. */
  PARENT_DIED,

  /** The application has halted: every wait from now on throws {@link ApplicationEnd}. */
  APPLICATION_END
}
