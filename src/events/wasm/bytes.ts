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
