// Records which lines of JavaScript a process executes, so that no end of the process can lose one:
// at the first execution of a line, one word is written to a file. What is written belongs to the
// kernel, whatever kills the process. All threads of the process write to the same file.
//
// The files of a process, in <folder>/<pid>/ (read by helper/coverage/languages/hits.cc):
//   node.<time>.hits   words of 8 bytes in the order of the machine: kMagic, a loss, its errno, and 5
//                      of 0; then a hit each, or 0 where a thread was killed before it wrote one:
//                      number of the source << 48 | way on from a branch << 24 | line, of
//                      which one is 0
//   node.<time>.names  texts that a zero ends: "P <version> <interpreter>", and for each source,
//                      before its first hit, "F <number> <size> <crc32> <path>" and "S <number>
//                      <lines of statements>" and "B <number> <line> <ways> ..." for its
//                      branches in order; "X <reason> <path>" for one that is not counted
'use strict';
const fs = require('fs');
const os = require('os');

// Taken now: the program may put others in their place.
const { openSync, writeSync, fstatSync, closeSync, mkdirSync } = fs;
const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = fs.constants;

const MAGIC = Buffer.from('GJSHITS1');
const WORD = 8;
const HEADER_WORDS = 8;
const MOST_FILES = (1 << 16) - 1;
const MOST_LINES = (1 << 24) - 1;
const MOST_MARKS = 1 << 20; // hits.cc takes no more
const IS_LITTLE = os.endianness() === 'LE';

// In the second word of a file; the texts are in hits.cc.
const LOST_GROWTH = 1;
const LOST_NAME = 2;
const LOST_TOO_MUCH = 3;
const LOST_MODULES = 6;
const LOST_THREAD = 7;

// In `counters`, which all threads share.
const NEXT_SLOT = 0;
const NEXT_SOURCE = 1;

// A word of two halves: numbers of JavaScript are exact up to 53 bits only.
function set_word(buffer, at, high, low) {
  if (IS_LITTLE) {
    buffer.writeUInt32LE(low, at);
    buffer.writeUInt32LE(high, at + 4);
  } else {
    buffer.writeUInt32BE(high, at);
    buffer.writeUInt32BE(low, at + 4);
  }
}

// A file that stays open, for a program may change its user, or use up all descriptors. It may also
// close ours, and open others with the same number: so each use looks first what the number is of.
class KeptFile {
  constructor(path, flags, kept) {
    this.path = path;
    this.flags = flags;
    this.fd = kept ? kept.fd : openSync(path, flags | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    this.identity = kept ? kept.identity : this._identity_of(this.fd);
  }

  _identity_of(fd) {
    const { dev, ino } = fstatSync(fd);
    return { dev, ino };
  }

  _is_ours(fd) {
    const { dev, ino } = this._identity_of(fd);
    return dev === this.identity.dev && ino === this.identity.ino;
  }

  _is_open() {
    try {
      return this._is_ours(this.fd);
    } catch {
      return false;
    }
  }

  // Throws an error with errno.
  write(bytes, position) {
    if (!this._is_open()) {
      const fd = openSync(this.path, this.flags | O_NOFOLLOW);
      if (!this._is_ours(fd)) {
        closeSync(fd);
        throw Object.assign(new Error('another file is in its place'), { errno: -os.constants.errno.ESTALE });
      }
      this.fd = fd;
    }
    if (writeSync(this.fd, bytes, 0, bytes.length, position) !== bytes.length) {
      throw Object.assign(new Error('no room'), { errno: -os.constants.errno.ENOSPC });
    }
  }
}

// What the threads of a process need to know of its files.
function begin_files(folder) {
  const own = `${folder}/${process.pid}`;
  mkdirSync(own, { recursive: true });
  const path = `${own}/node.${process.hrtime.bigint().toString(16)}`;
  const hits = new KeptFile(`${path}.hits`, O_WRONLY);
  const head = Buffer.alloc(HEADER_WORDS * WORD);
  MAGIC.copy(head);
  hits.write(head, 0);
  const names = new KeptFile(`${path}.names`, O_WRONLY | O_APPEND);
  names.write(Buffer.from(`P ${process.versions.node} ${process.execPath}\0`), null);
  const counters = new Int32Array(new SharedArrayBuffer(8));
  counters[NEXT_SLOT] = HEADER_WORDS;
  counters[NEXT_SOURCE] = 1;
  return {
    path, counters,
    hits: { fd: hits.fd, identity: hits.identity },
    names: { fd: names.fd, identity: names.identity },
  };
}

class Recorder {
  constructor(files) {
    this.counters = files.counters;
    this.hits = new KeptFile(`${files.path}.hits`, O_WRONLY, files.hits);
    this.names = new KeptFile(`${files.path}.names`, O_WRONLY | O_APPEND, files.names);
    this.texts = new WeakMap(); // by its function: the numbers of its sources, what marks stand for
    this.waiting = []; // words that could not be written yet
  }

  // Called by a source's function (gentle_node_lines.cjs) for a mark that it executes for the first
  // time; 0 for none: the source has begun. Without a function: it is not counted, and why.
  hit(of, mark, about) {
    try {
      if (of === null) return this._name(`X ${mark} ${about}\0`);
      const { numbers, marks } = this.texts.get(of) ?? this._begin(of, JSON.parse(about));
      if (mark === 0) return;
      const [source, line, way] = marks[mark - 1];
      if (numbers[source] === 0) return;
      of[mark] = 1;
      this.waiting.push([numbers[source], line, way]);
      while (this.waiting.length !== 0) {
        this._put(...this.waiting[0]);
        this.waiting.shift();
      }
    } catch {
      // The stack is full, or no descriptor is free: the next hit takes it along.
    }
  }

  _begin(of, { marks, sources }) {
    // Filled from the beginning: an array with gaps would be slow.
    for (let mark = 0; mark <= marks.length; ++mark) of[mark] ??= 0;
    const text = { marks, numbers: sources.map((source) => this._begin_source(source, marks.length)) };
    this.texts.set(of, text);
    return text;
  }

  // Its number; 0 if that cannot be told.
  _begin_source({ path, size, crc, lines, branches }, marks) {
    const number = Atomics.add(this.counters, NEXT_SOURCE, 1);
    const is_too_much = number > MOST_FILES || lines.at(-1) > MOST_LINES || marks > MOST_MARKS;
    if (is_too_much) this.lose(LOST_TOO_MUCH, 0);
    const is_named = !is_too_much &&
        this._name(`F ${number} ${size} ${crc} ${path}\0S ${number} ${lines.join(' ')}\0` +
                   `B ${number} ${branches.flat().join(' ')}\0`);
    return is_named ? number : 0;
  }

  _name(text) {
    try {
      this.names.write(Buffer.from(text), null);
      return true;
    } catch (error) {
      this.lose(LOST_NAME, error.errno);
      return false;
    }
  }

  _put(number, line, way) {
    const word = Buffer.alloc(WORD);
    set_word(word, 0, (number << 16 | way >>> 8) >>> 0, (way << 24 | line) >>> 0);
    try {
      this.hits.write(word, Atomics.add(this.counters, NEXT_SLOT, 1) * WORD);
    } catch (error) {
      if (error instanceof RangeError || !this.lose(LOST_GROWTH, error.errno)) throw error;
    }
  }

  // Whether that could be told.
  lose(loss, number) {
    const words = Buffer.alloc(2 * WORD);
    set_word(words, 0, 0, loss);
    set_word(words, WORD, 0, Math.abs(number ?? 0));
    try {
      this.hits.write(words, WORD);
      return true;
    } catch {
      return false;
    }
  }
}

// Of a thread that has no recorder.
function lose_thread(files) {
  new Recorder(files).lose(LOST_THREAD, 0);
}

module.exports = { begin_files, lose_thread, Recorder, LOST_MODULES };
