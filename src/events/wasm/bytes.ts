/** Bytes at an address, and which class one is of (AssemblyScript). */

export function byte(at: usize): u32 {
  return load<u8>(at);
}

export function isDigit(c: u32): bool {
  return c - 48 <= 9;
}

export function isHexByte(c: u32): bool {
  return c - 48 <= 9 || c - 97 <= 5;
}

export function isNameByte(c: u32): bool {
  return c - 97 <= 25 || c - 48 <= 9 || c == 95;
}

/** Do eight bytes stand at `at`, given as two little-endian words? */
export function isWord(at: usize, low: u32, high: u32): bool {
  return load<u32>(at) == low && load<u32>(at + 4) == high;
}

/** Seconds of the day of `19:41:04`; -1 where no such clock stands. */
export function clock(at: usize): i32 {
  if (byte(at + 2) != 58 || byte(at + 5) != 58) return -1;
  return pair(at) * 3600 + pair(at + 3) * 60 + pair(at + 6);
}

function pair(at: usize): i32 {
  return (byte(at) - 48) * 10 + byte(at + 1) - 48;
}
