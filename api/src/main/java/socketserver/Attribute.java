package socketserver;

/**
 * A class attribute of Python's: a method that a subclass may override, and a setter of the same
 * name for one instance.
 *
 * <p>Python lets a subclass and an instance set the same attribute, and a server set one after it
 * has been read, and ignores both in silence. Here either is an error.
 *
 * @param <T> the type of its value
 */
final class Attribute<T> {
  private final BaseServer<?> owner;
  private final Class<?> home;
  private final String name;
  private final T initial;

  /** Set by any thread before or while the server runs; each reader reads it once. */
  private volatile T value;

  /** Why it is too late to set it; null while it is not. */
  private volatile String frozen;

  /**
   * Makes an attribute.
   *
   * @param owner the server that has it
   * @param home the class or interface that declares the method
   * @param name the method's name
   * @param value its value until it is set
   */
  Attribute(BaseServer<?> owner, Class<?> home, String name, T value) {
    this.owner = owner;
    this.home = home;
    this.name = name;
    this.initial = value;
    this.value = value;
    owner.add(this);
  }

  /** A name that no other attribute of a server has. */
  String key() {
    return home.getSimpleName() + "." + name;
  }

  /** Sets what the attribute of another server was, of which this one is a copy. */
  @SuppressWarnings("unchecked") // of an attribute of the same name of the same class
  void restore(Object known) {
    value = (T) known;
  }

  /** Whether the value is another than at the beginning. */
  boolean isSet() {
    return value != initial;
  }

  T value() {
    return value;
  }

  /** From now on setting is an error, for this reason. */
  void freeze(String reason) {
    frozen = reason;
  }

  /**
   * Sets the value.
   *
   * @throws IllegalStateException if a subclass overrides the method, or it is too late
   */
  void set(T newValue) {
    Class<?> overriding = overriding();
    if (overriding != home) {
      throw new IllegalStateException(
          name
              + "("
              + newValue
              + ") has no effect: "
              + overriding.getName()
              + " overrides "
              + name
              + "()");
    }
    String reason = frozen;
    if (reason != null) {
      throw new IllegalStateException(
          name
              + "("
              + newValue
              + ") comes too late: "
              + reason
              + "; override "
              + name
              + "(), or construct with bindAndActivate false, set it, and"
              + " call serverBind() and serverActivate()");
    }
    value = newValue;
  }

  private Class<?> overriding() {
    try {
      return owner.getClass().getMethod(name).getDeclaringClass();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(home.getName() + " has no public method " + name + "()", e);
    }
  }
}
