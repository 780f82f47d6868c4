/**
 * Where things lie in the memory of the module (beside this file) that both sides read: the block of bytes, the columns, the
 * names, the texts that name files. One behind the other, in a memory of fixed size, so that views of it stay good. Plain
 * numbers only: the file is compiled twice, by AssemblyScript and by TypeScript.
 */

/** Rows of a batch, and the bytes of a column of 32 and of 64 bits. */
export const ROWS = 4096;
const NARROW = ROWS * 4;
const WIDE = ROWS * 8;

// ---------------------------------------------------------------------------------------------------------- the block

/** Bytes that are read at once; behind them lie some that a look of 16 bytes may run into. */
export const BLOCK_AT = 0x10000;
export const BLOCK_BYTES = 0x40000;
const BEYOND_BYTES = 0x1000;

// -------------------------------------------------------------------------------------------------------- the columns

/** Of 64 bits. */
export const ELAPSED_AT = BLOCK_AT + BLOCK_BYTES + BEYOND_BYTES;
export const RET_AT = ELAPSED_AT + WIDE;
/** Of 32 bits. */
export const NAME_AT = RET_AT + WIDE;
export const ERRNO_AT = NAME_AT + NARROW;
export const TGID_AT = ERRNO_AT + NARROW;
export const TID_AT = TGID_AT + NARROW;
export const NESTED_TGID_AT = TID_AT + NARROW;
export const NESTED_TID_AT = NESTED_TGID_AT + NARROW;
export const FROM_AT = NESTED_TID_AT + NARROW;
export const TO_AT = FROM_AT + NARROW;
export const START_AT = TO_AT + NARROW;
export const BYTES_AT = START_AT + NARROW;
export const SECOND_AT = BYTES_AT + NARROW;
/** Entries (below) of the at most two texts that name files, of the folder that is printed as AT_FDCWD, of the one socket. */
export const FIRST_FILE_AT = SECOND_AT + NARROW;
export const SECOND_FILE_AT = FIRST_FILE_AT + NARROW;
export const FOLDER_AT = SECOND_FILE_AT + NARROW;
export const SOCKET_AT = FOLDER_AT + NARROW;
/** In these: there is none, and the call was not read here. */
export const NONE = -1;
export const NOT_READ = -2;
/** Lines between the first row's and this one's. */
export const LINE_AT = SOCKET_AT + NARROW;
/** Of bytes. */
export const IS_EXIT_AT = LINE_AT + NARROW;
export const TEXT_BLOCK_AT = IS_EXIT_AT + ROWS;
/** In the second: the text stands in the block, and among the unescaped ones. */
export const IN_BLOCK = 0;
export const IN_UNESCAPED = 2;

// ---------------------------------------------------------------------------------------------------------- the names

/** Distinct names that are kept apart (Linux has fewer than 500), and how long one may be; the others count as one. */
export const MAX_NAMES = 4096;
export const MAX_NAME_BYTES = 64;
/** Open addressing: four places a name. */
export const NAME_SLOTS = MAX_NAMES * 4;
export const NAME_SLOTS_AT = TEXT_BLOCK_AT + ROWS;
export const NAME_HASHES_AT = NAME_SLOTS_AT + NAME_SLOTS * 4;
export const NAME_LENGTHS_AT = NAME_HASHES_AT + MAX_NAMES * 4;
/** The errno that a name is: 0 where it is none. */
export const ERRNO_OF_NAME_AT = NAME_LENGTHS_AT + MAX_NAMES * 4;
export const NAME_BYTES_AT = ERRNO_OF_NAME_AT + MAX_NAMES * 4;

/**
 * How a call is read for the files that it names, for each name: how many arguments it has (0: not read here), which of them are
 * paths of files (bits), then their shapes.
 */
export const MAX_ARGUMENTS = 8;
export const PLAN_BYTES = 16;
export const PLANS_AT = NAME_BYTES_AT + MAX_NAMES * MAX_NAME_BYTES;
export const SHAPE_NUMBER = 0;
export const SHAPE_WORD = 1;
export const SHAPE_DESCRIPTOR = 2;
export const SHAPE_PATH = 3;
export const SHAPE_BUFFER = 4;
export const SHAPE_STAT = 5;
/** An address and perhaps a structure in brackets, without text of the application. */
export const SHAPE_STRUCT = 6;

/** How lines of a native trace are read: not at all, those that name their task, those of one that is not named. */
export const NATIVE_OFF = 0;
export const NATIVE_NAMED = 1;
export const NATIVE_NAMELESS = 2;

// ---------------------------------------------------------------------------------------------------- the small things

/** The header that was checked to the letter last: its first 16 bytes, and what stands behind its microseconds. */
export const HEAD_AT = PLANS_AT + MAX_NAMES * PLAN_BYTES;
export const TAIL_AT = HEAD_AT + 16;
export const MAX_TAIL_BYTES = 64;
/** Where each argument begins and ends, and its text: 32 bits each. */
export const ARGUMENTS_AT = TAIL_AT + MAX_TAIL_BYTES;
/** A name that is looked up. */
export const SCRATCH_AT = ARGUMENTS_AT + MAX_ARGUMENTS * 12;
/** The task tag that was read last, as 16 bytes. */
export const TAG_AT = SCRATCH_AT + MAX_NAME_BYTES;
/** How idle notes begin (grammars/idle.ts): so many bytes of each. */
export const IDLE_AT = TAG_AT + 16;
export const IDLE_BYTES = 16;
export const MAX_IDLE = 16;
/** Longer ones are left to the record reader, which may cut them. */
export const MAX_IDLE_LINE = 4096;
/** What the module says of its last work: 32 bits each, by the numbers below. */
export const STATE_AT = IDLE_AT + MAX_IDLE * IDLE_BYTES;
const STATE_BYTES = 64;

/** Rows of the batch after `run`. */
export const STATE_ROWS = 0;
/** Names that are known. */
export const STATE_NAMES = 1;
/** Was the shape of the last row new? */
export const STATE_IS_NEWS = 2;
/** Of the line that was read last: is it an exit record, and of which task? */
export const STATE_IS_EXIT = 3;
export const STATE_TID = 4;
/** Entries of texts, and the bytes of them, after `nameFiles`. */
export const STATE_ENTRIES = 5;
export const STATE_ENTRY_BYTES = 6;
/** Rows that were taken from a JSON log. */
export const STATE_JSON = 7;
/** Idle notes that were passed over: by the last `run`, and since the batch began. */
export const STATE_IDLE = 8;
export const STATE_IDLE_OF_BATCH = 9;

// ---------------------------------------------------------------------------------------------------------- the texts

/**
 * Texts that name files, each once: its hash, its base, where it lies in the bytes, and its length, 32 bits each. The base is the
 * entry of the folder that it is relative to, or one of the three below.
 */
export const MAX_ENTRIES = 32768;
export const ENTRY_SLOTS = MAX_ENTRIES * 2;
export const ENTRIES_AT = STATE_AT + STATE_BYTES;
export const ENTRY_SLOTS_AT = ENTRIES_AT + MAX_ENTRIES * 16;
export const ENTRY_BYTES_AT = ENTRY_SLOTS_AT + ENTRY_SLOTS * 4;
export const MAX_ENTRY_BYTES = 0x1e0000;
/** It stands beside a descriptor. */
export const BASE_DESCRIPTOR = -1;
/** An absolute path. */
export const BASE_ROOT = -2;
/** A path that is relative to where the process stands. */
export const BASE_CWD = -3;

/** Arguments of JSON logs whose escapes are resolved, of one block. */
export const UNESCAPED_AT = ENTRY_BYTES_AT + MAX_ENTRY_BYTES;

/** All of it, and what a look of 16 bytes may run into, is in so many pages of 64 KiB; the build makes the memory of that size. */
export const PAGES = (UNESCAPED_AT + BLOCK_BYTES + BEYOND_BYTES + 0xffff) >> 16;
