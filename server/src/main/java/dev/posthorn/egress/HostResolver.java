package dev.posthorn.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Finds the addresses of a name; may block for long, and is only called on platform threads. */
@FunctionalInterface
public interface HostResolver {

  /**
   * All addresses of the name, in the order in which they are to be tried.
   *
   * @throws UnknownHostException if there are none, or nobody could say
   */
  InetAddress[] resolve(String host) throws UnknownHostException;

  /** The machine's own resolver. */
  static HostResolver system() {
    return InetAddress::getAllByName;
  }
}
