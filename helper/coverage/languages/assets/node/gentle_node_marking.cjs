// Loads what puts marks into sources (gentle_node_lines.cjs and what it needs) when the first source comes. acorn is most of it,
// and takes longer to compile than all else of the recorder. So all of it is one script, and what V8 has compiled is kept
// beside it for the next process. It is read at once: by the time of the first source the program may have become another
// user, or have changed what Node's own `require` gives.
'use strict';
const fs = require('fs');
const path = require('path');
const url = require('url');
const { Script } = require('vm');
const zlib = require('zlib');
const { NOT_LOADED, is_of_the_program, telling } = require('./gentle_node_sources.cjs');

// Taken now: the program may put others in their place.
const { closeSync, openSync, readdirSync, readFileSync, renameSync, unlinkSync, writeSync } = fs;
const LIBRARY = { fs, module: require('module'), path, url, zlib }; // what the parts need of Node

const FIRST = './gentle_node_lines.cjs';
const PARTS = ['./acorn/acorn.js', './gentle_node_marks.cjs', './gentle_node_origins.cjs', './gentle_node_sources.cjs', FIRST];
const HEADER = 8; // a CRC-32 of the text and of what follows
const MOST_KEPT = 16; // for so many versions of Node, and options of V8

const BYTES = PARTS.map((part) => readFileSync(path.join(__dirname, part)));

function whole_text() {
  const text_of = (part, i) => `${JSON.stringify(part)}(exports,module,require,__dirname){${BYTES[i]}\n}`;
  return `({${PARTS.map(text_of).join(',')}})`;
}

// Of this very Node: two builds of one version need not understand each other. Null if none can be kept.
function name_of_kept() {
  if (!zlib.crc32) return null; // before 20.15
  try {
    const { size, mtimeMs } = fs.statSync(process.execPath);
    return path.join(__dirname, `compiled-${process.version}-${process.arch}-${size}-${mtimeMs}`);
  } catch {
    return null; // its file is gone
  }
}

function bytes_of(file) {
  try {
    return file === null ? null : readFileSync(file);
  } catch {
    return null;
  }
}

const KEPT = name_of_kept();
const KEPT_BYTES = bytes_of(KEPT);

// Of the text, too: V8 itself looks at its length only.
function crc_of(data) {
  return zlib.crc32(data, BYTES.reduce((crc, bytes) => zlib.crc32(bytes, crc), 0));
}

// Undefined without a whole one. V8 from Node 20 on does not look, and would crash.
function data_of(bytes) {
  if (bytes === null || bytes.length <= HEADER) return undefined;
  const data = bytes.subarray(HEADER);
  return crc_of(data) === bytes.readUInt32LE(0) ? data : undefined;
}

// Null if the program has put another `v8` in its place. It takes longer to load than it is worth for most.
function options_of_v8() {
  try {
    const tag = require('v8').cachedDataVersionTag();
    return Number.isInteger(tag) ? tag : null;
  } catch {
    return null;
  }
}

// V8 takes only what was compiled with the same options of its own: for others there are further files.
function compiled() {
  const text = whole_text();
  const filename = __filename;
  if (KEPT === null) return { script: new Script(text, { filename }), keep_in: null };
  let file = KEPT;
  let cachedData = data_of(KEPT_BYTES);
  let script = new Script(text, { filename, cachedData });
  if (script.cachedDataRejected) {
    const options = options_of_v8();
    if (options === null) return { script, keep_in: null };
    file += `-${options}`;
    cachedData = data_of(bytes_of(file));
    script = new Script(text, { filename, cachedData });
  }
  const is_known = cachedData !== undefined && !script.cachedDataRejected;
  return { script, keep_in: is_known ? null : file };
}

// As a whole: another process may read it.
function write(file, data) {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(crc_of(data), 0);
  const bytes = Buffer.concat([header, data]);
  const own = `${file}.${process.pid}-${process.hrtime.bigint()}`;
  const fd = openSync(own, 'wx');
  let is_whole = false;
  try {
    is_whole = writeSync(fd, bytes, 0, bytes.length) === bytes.length;
  } finally {
    closeSync(fd);
    if (!is_whole) unlinkSync(own);
  }
  if (is_whole) renameSync(own, file);
}

// With the functions that were called until now.
function keep(script, file) {
  try {
    // A file that is too long would end the process.
    if (!/^Max file size +unlimited /m.test(readFileSync('/proc/self/limits', 'latin1'))) return;
    // A program with a limit of its memory that is another one each time shall not fill the disk.
    if (readdirSync(__dirname).filter((name) => name.startsWith('compiled-')).length >= MOST_KEPT) return;
    write(file, script.createCachedData());
  } catch {
    // This user may not write there, or there is no room: each process compiles it.
  }
}

let lines = null; // what the first part exports
let fresh = null; // to be kept

function begin() {
  if (lines !== null) return;
  const { script, keep_in } = compiled();
  const parts = script.runInThisContext();
  const known = new Map();
  const require_part = (name) => {
    if (!PARTS.includes(name)) return LIBRARY[name];
    if (!known.has(name)) {
      const module = { exports: {} };
      known.set(name, module);
      parts[name].call(module.exports, module.exports, module, require_part, __dirname);
    }
    return known.get(name).exports;
  };
  lines = require_part(FIRST);
  if (keep_in !== null) fresh = { script, keep_in };
}

function keep_if_fresh() {
  if (fresh === null) return;
  const { script, keep_in } = fresh;
  fresh = null;
  keep(script, keep_in);
}

// As recording() of gentle_node_lines.cjs.
function recording(content, filename, kind) {
  if (!is_of_the_program(filename)) return content;
  try {
    begin();
  } catch {
    return telling(content, filename, NOT_LOADED);
  }
  const result = lines.recording(content, filename, kind);
  keep_if_fresh();
  return result;
}

// Of the formats that are compiled from what a hook gives.
const KINDS = { 'module': 'module', 'module-typescript': 'module', 'commonjs-typescript': 'any' };

// What a hook gives for a module: with its text marked if it is one of the program's.
function recording_module(address, result) {
  const { format, source } = result;
  if (!KINDS[format] || !address.startsWith('file:') || source == null) return result;
  const content = typeof source === 'string' ? source : Buffer.from(source).toString();
  const marked = recording(content.replace(/^\ufeff/, ''), url.fileURLToPath(address), KINDS[format]);
  return { ...result, source: marked };
}

module.exports = { begin, recording, recording_module };
