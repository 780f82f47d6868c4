/** Bytes at an address, and which class one is of (AssemblyScript). */

export const SPACE: u32 = 32;
export const QUOTE: u32 = 34;
export const OPEN: u32 = 40;
export const CLOSE: u32 = 41;
export const COMMA: u32 = 44;
export const MINUS: u32 = 45;
export const DOT: u32 = 46;
export const SLASH: u32 = 47;
export const ZERO: u32 = 48;
export const COLON: u32 = 58;
export const LESS: u32 = 60;
export const EQUALS: u32 = 61;
export const GREATER: u32 = 62;
export const QUESTION: u32 = 63;
export const CAPITAL_A: u32 = 65;
export const CAPITAL_D: u32 = 68;
export const CAPITAL_E: u32 = 69;
export const CAPITAL_I: u32 = 73;
export const CAPITAL_W: u32 = 87;
export const CAPITAL_X: u32 = 88;
export const OPEN_BRACKET: u32 = 91;
export const BACKSLASH: u32 = 92;
export const CLOSE_BRACKET: u32 = 93;
export const LETTER_H: u32 = 104;
export const LETTER_M: u32 = 109;
export const LETTER_S: u32 = 115;
export const LETTER_U: u32 = 117;
export const LETTER_X: u32 = 120;
export const OPEN_BRACE: u32 = 123;
export const CLOSE_BRACE: u32 = 125;

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
