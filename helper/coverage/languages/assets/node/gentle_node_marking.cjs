// Loads what puts marks into sources (gentle_node_lines.cjs and what it needs) when the first source comes. acorn is most of it,
// and takes longer to compile than all else of the recorder. So all of it is one script, and what V8 has compiled is kept
// beside it for the next process. Node's own `require` would look for each file, and the program may have changed it by then.
'use strict';
const fs = require('fs');
const path = require('path');
const url = require('url');
const { Script } = require('vm');
const zlib = require('zlib');
const { NOT_READ, is_of_the_program, telling } = require('./gentle_node_sources.cjs');

// Taken now: the program may put others in their place.
const { closeSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } = fs;

const FIRST = './gentle_node_lines.cjs';
const PARTS = ['./acorn/acorn.js', './gentle_node_marks.cjs', './gentle_node_origins.cjs', './gentle_node_sources.cjs', FIRST];
const HEADER = 8; // a CRC-32 of what follows

function text_of(part) {
  return `${JSON.stringify(part)}(exports,module,require,__dirname){${readFileSync(path.join(__dirname, part), 'utf8')}\n}`;
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

// Undefined without a whole one. V8 from Node 20 on does not look, and would crash.
function kept(file) {
  try {
    const bytes = readFileSync(file);
    const data = bytes.subarray(HEADER);
    return zlib.crc32(data) === bytes.readUInt32LE(0) ? data : undefined;
  } catch {
    return undefined;
  }
}

// V8 takes only what was compiled with the same options of its own: for others there are further files.
function compiled(text) {
  const filename = __filename;
  let file = name_of_kept();
  if (file === null) return { script: new Script(text, { filename }), keep_in: null };
  let cachedData = kept(file);
  let script = new Script(text, { filename, cachedData });
  if (script.cachedDataRejected) {
    file += `-${require('v8').cachedDataVersionTag()}`;
    cachedData = kept(file);
    script = new Script(text, { filename, cachedData });
  }
  const is_known = cachedData !== undefined && !script.cachedDataRejected;
  return { script, keep_in: is_known ? null : file };
}

// As a whole: another process may read it.
function write(file, data) {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32LE(zlib.crc32(data), 0);
  const bytes = Buffer.concat([header, data]);
  const own = `${file}.${process.pid}`;
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
    write(file, script.createCachedData());
  } catch {
    // This user may not write there, or there is no room: each process compiles it.
  }
}

let lines = null; // what the first part exports
let fresh = null; // to be kept

function begin() {
  if (lines !== null) return;
  const { script, keep_in } = compiled(`({${PARTS.map(text_of).join(',')}})`);
  const parts = script.runInThisContext();
  const known = new Map();
  const require_part = (name) => {
    if (!PARTS.includes(name)) return require(name);
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
    return telling(content, filename, NOT_READ);
  }
  const result = lines.recording(content, filename, kind);
  keep_if_fresh();
  return result;
}

// What a hook gives for a module: with its text marked if it is one of the program's.
function recording_module(address, result) {
  const { format, source } = result;
  if (!['module', 'module-typescript'].includes(format) || !address.startsWith('file:') || source == null) return result;
  const content = typeof source === 'string' ? source : Buffer.from(source).toString();
  const marked = recording(content.replace(/^\ufeff/, ''), url.fileURLToPath(address), 'module');
  return { ...result, source: marked };
}

module.exports = { begin, recording, recording_module };
