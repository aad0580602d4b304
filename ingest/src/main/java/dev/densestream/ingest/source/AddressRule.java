package dev.densestream.ingest.source;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Which addresses belong to the public internet. An allowlist of hosts alone would let whoever runs
 * a host's DNS point us at our own network.
 */
final class AddressRule {
  private AddressRule() {}

  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    byte[] octets = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(octets) : isPublic6(octets);
  }

  /** Special-purpose blocks of RFC 6890 that {@link InetAddress} has no question for. */
  private static boolean isPublic4(byte[] octets) {
    int a = octets[0] & 0xff;
    int b = octets[1] & 0xff;
    int c = octets[2] & 0xff;
    return switch (a) {
      case 0 -> false;
      case 100 -> b < 64 || b > 127; // shared by carriers' customers
      case 192 -> !(b == 0 && (c == 0 || c == 2)) && !(b == 88 && c == 99);
      case 198 -> b != 18 && b != 19 && !(b == 51 && c == 100);
      case 203 -> !(b == 0 && c == 113);
      default -> a < 240;
    };
  }

  /**
   * Only the block that public addresses are given out of, without the parts of it that carry
   * another, possibly private, address inside (Teredo, 6to4) or stand in documents.
   */
  private static boolean isPublic6(byte[] octets) {
    int first = (octets[0] & 0xff) << 8 | (octets[1] & 0xff);
    int second = (octets[2] & 0xff) << 8 | (octets[3] & 0xff);
    boolean global = (first & 0xe000) == 0x2000;
    boolean special = first == 0x2001 && (second < 0x200 || second == 0x0db8);
    return global && !special && first != 0x2002 && first != 0x3fff;
  }
}
