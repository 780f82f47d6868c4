/**
 * Where things lie in the memory of the module (scan.ts beside this file) that both sides read: the block of bytes, the
 * columns, the names. Its size is fixed, so that views of it stay good. Plain numbers only: the file is compiled twice, by
 * AssemblyScript and by TypeScript.
 */

/** Rows of a batch. */
export const ROWS = 4096;
/** Bytes that are read at once; behind them lie some that a look of 16 bytes may run into. */
export const BLOCK_AT = 0x10000;
export const BLOCK_BYTES = 0x40000;

/** Columns of bytes. */
export const IS_EXIT_AT = 0x51000;
export const TEXT_BLOCK_AT = 0x52000;
/** Columns of 32 bits. */
export const NAME_AT = 0x54000;
export const ERRNO_AT = 0x58000;
export const TGID_AT = 0x5c000;
export const TID_AT = 0x60000;
export const NESTED_TGID_AT = 0x64000;
export const NESTED_TID_AT = 0x68000;
export const FROM_AT = 0x6c000;
export const TO_AT = 0x70000;
export const START_AT = 0x74000;
export const BYTES_AT = 0x78000;
export const SECOND_AT = 0x7c000;
/** Columns of 64 bits. */
export const ELAPSED_AT = 0x80000;
export const RET_AT = 0x88000;

/** Distinct names that are kept apart (Linux has fewer than 500), and how long one may be; the others count as one. */
export const MAX_NAMES = 4096;
export const MAX_NAME_BYTES = 64;
/** Open addressing: four places a name. */
export const NAME_SLOTS = 16384;
export const NAME_SLOTS_AT = 0x90000;
export const NAME_HASHES_AT = 0xa0000;
export const NAME_LENGTHS_AT = 0xa4000;
/** 64 bytes a name. */
export const NAME_BYTES_AT = 0xb0000;

/** The errno that a name is, 32 bits a name: 0 where it is none. */
export const ERRNO_OF_NAME_AT = 0xa8000;

/** How lines of a native trace are read: not at all, those that name their task, those of one that is not named. */
export const NATIVE_OFF = 0;
export const NATIVE_NAMED = 1;
export const NATIVE_NAMELESS = 2;

/** The header that was checked to the letter last: its first 16 bytes, and what stands behind its microseconds. */
export const HEAD_AT = 0xf0000;
export const TAIL_AT = 0xf0010;
export const MAX_TAIL_BYTES = 64;
/** A name that is looked up, and what the module says of its last work: 32 bits each, by the numbers below. */
export const SCRATCH_AT = 0xf0100;
export const STATE_AT = 0xf0200;

/** Rows of the batch after `run`. */
export const STATE_ROWS = 0;
/** Names that are known. */
export const STATE_NAMES = 1;
/** Was the shape of the last row new? */
export const STATE_IS_NEWS = 2;
/** Of the line that was read last: is it an exit record, and of which task? */
export const STATE_IS_EXIT = 3;
export const STATE_TID = 4;
/** Rows that were taken from a JSON log. */
export const STATE_JSON = 7;

/** Entries of texts, and the bytes of them, after `nameFiles`. */
export const STATE_ENTRIES = 5;
export const STATE_ENTRY_BYTES = 6;

/**
 * How a call is read for the files that it names, 16 bytes for each name: how many arguments it has (0: not read here), which
 * of them are paths of files (bits), then their shapes.
 */
export const PLANS_AT = 0x100000;
export const PLAN_BYTES = 16;
export const MAX_ARGUMENTS = 8;
/** Shapes of arguments. */
export const SHAPE_NUMBER = 0;
export const SHAPE_WORD = 1;
export const SHAPE_DESCRIPTOR = 2;
export const SHAPE_PATH = 3;
export const SHAPE_BUFFER = 4;
export const SHAPE_STAT = 5;
/** An address and perhaps a structure in brackets, without text of the application. */
export const SHAPE_STRUCT = 6;

/** Columns of 32 bits: the entries of the (at most two) texts that name files, and of the folder that is printed as AT_FDCWD. */
export const FIRST_FILE_AT = 0x110000;
export const SECOND_FILE_AT = 0x114000;
export const FOLDER_AT = 0x118000;
/** Column of 32 bits: the entry of the one socket that is printed beside its descriptors. */
export const SOCKET_AT = 0x11c000;
/** In these columns: there is none, and the call was not read here. */
export const NONE = -1;
export const NOT_READ = -2;

/** Where each argument begins and ends, and its text: 32 bits each. */
export const ARGUMENTS_AT = 0xf0300;

/**
 * Texts that name files, each once: its hash, its base, where it lies in the bytes, and its length. The base is the entry of
 * the folder that it is relative to, or one of the four below.
 */
export const MAX_ENTRIES = 32768;
export const ENTRY_SLOTS = 65536;
export const ENTRIES_AT = 0x120000;
export const ENTRY_SLOTS_AT = 0x1a0000;
export const ENTRY_BYTES_AT = 0x1e0000;
export const MAX_ENTRY_BYTES = 0x1e0000;
/** It stands beside a descriptor. */
export const BASE_DESCRIPTOR = -1;
/** An absolute path. */
export const BASE_ROOT = -2;
/** A path that is relative to where the process stands. */
export const BASE_CWD = -3;

/** Arguments of JSON logs whose escapes are resolved, of one block. */
export const UNESCAPED_AT = 0x3c0000;
/** In the column of blocks: the text stands in the block, and among the unescaped ones. */
export const IN_BLOCK = 0;
export const IN_UNESCAPED = 2;

export const MEMORY_BYTES = 0x400000;
