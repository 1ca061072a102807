// Makes a source tell of each line that it executes: with marks (gentle_node_marks.cjs), and behind its
// last line with a function that hands them to the recorder.
'use strict';
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { stripTypeScriptTypes } = require('module'); // from Node 22.13 on
const { free_name, mark } = require('./gentle_node_marks.cjs');
const { origins_of } = require('./gentle_node_origins.cjs');
const {
  HAS_CHANGED, IS_ANOTHER_LANGUAGE, MAY_HAVE_CHANGED, NOT_READ, WAS_CHANGED, is_marked, is_of_the_program,
  telling,
} = require('./gentle_node_sources.cjs');

const TYPED = ['.ts', '.mts', '.cts'];
const OTHER_LANGUAGES = [...TYPED, '.tsx', '.jsx'];

// As Python's binascii.crc32; zlib has it from Node 20.15 on.
function crc32_of(bytes) {
  if (zlib.crc32) return zlib.crc32(bytes);
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

function version_of(bytes) {
  return { size: bytes.length, crc: crc32_of(bytes) };
}

// A text whose map is of no use counts itself.
function origins_if_readable(content, file) {
  try {
    return origins_of(content, file, is_of_the_program);
  } catch {
    return null;
  }
}

// Null if a map leads to no source that counts. Marking may find that a source has changed: then once more, without it.
function marked_by(origins, content, kind, name) {
  for (;;) {
    const changed = origins.changed.size;
    const marked = origins.texts.size === 0 ? null : mark(content, kind, name, origins.origin_of);
    if (origins.changed.size === changed) return marked;
  }
}

function telling_all(content, sources, reason) {
  return [...sources].reduce((all, source) => telling(all, source, reason), content);
}

// Behind the last line: a function is there before the first statement, also in a cycle of modules. `reason`: why the source is not
// counted if no map leads from the text to it; 0 if the text is the source itself.
function recorded(content, file, bytes, kind, reason) {
  const name = free_name(content);
  const origins = origins_if_readable(content, file);
  const changed = origins?.changed ?? new Set();
  if (reason && changed.size === 0 && !origins?.texts.has(file)) return telling(content, file, reason);
  let marked = origins === null ? null : marked_by(origins, content, kind, name);
  // A map that no statement is found in is of no use.
  if (marked === null || marked.sources.length === 0) {
    if (changed.size > 0) return telling_all(content, changed, HAS_CHANGED);
    if (reason) return telling(content, file, reason);
    marked = mark(content, kind, name);
  }
  const { text, marks, sources } = marked;
  const texts = new Map([...(origins?.texts ?? []), ['', bytes]]);
  const about = {
    marks,
    sources: sources.map((source) =>
      ({ path: source.file || file, ...version_of(texts.get(source.file)), lines: source.lines, branches: source.branches })),
  };
  const tell = `typeof __gentle_hits__==='function'&&__gentle_hits__`;
  const counted = `${text}\n;function ${name}(n){` +
      `return ${tell}(${name},n,${JSON.stringify(JSON.stringify(about))})||1}${name}(0);`;
  return telling_all(telling_all(counted, origins?.newer ?? [], MAY_HAVE_CHANGED), changed, HAS_CHANGED);
}

// The program has not asked for the warning that this is experimental.
function without_types(content) {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(content);
  } finally {
    process.emitWarning = emitWarning;
  }
}

// Of TypeScript whose types Node itself takes out, with blanks in their place: all lines stay. Node takes them out of our text again,
// which has to mean the same. Null for what Node does not run, or makes another text of (--experimental-transform-types).
function recorded_typed(content, file, bytes) {
  if (!stripTypeScriptTypes || process.features.typescript !== 'strip') return null;
  try {
    const text = recorded(without_types(content), file, bytes, 'any', 0);
    return without_types(text) === text ? text : null;
  } catch {
    return null;
  }
}

function recorded_other(content, file, bytes, kind, is_as_written) {
  const typed = is_as_written && TYPED.includes(path.extname(file)) ? recorded_typed(content, file, bytes) : null;
  return typed ?? recorded(content, file, bytes, kind, IS_ANOTHER_LANGUAGE);
}

// `content` is what Node is about to compile, of the kind 'module', or 'any'. Tools such as ts-node, tsx and @babel/register have
// translated it, with a map that leads back.
function recording(content, filename, kind) {
  let file = filename;
  try {
    if (!is_of_the_program(filename) || is_marked(content)) return content;
    file = fs.realpathSync(filename);
    if (!is_of_the_program(file)) return content;
    const bytes = fs.readFileSync(file);
    const is_as_written = bytes.toString().replace(/^\ufeff/, '') === content.replace(/^\ufeff/, '');
    if (OTHER_LANGUAGES.includes(path.extname(file))) return recorded_other(content, file, bytes, kind, is_as_written);
    return recorded(content, file, bytes, kind, is_as_written ? 0 : WAS_CHANGED);
  } catch {
    return telling(content, file, NOT_READ);
  }
}

module.exports = { recording };
