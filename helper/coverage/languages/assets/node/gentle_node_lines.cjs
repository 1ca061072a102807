// Makes a source tell of each line that it executes: with marks (gentle_node_marks.cjs), and behind its
// last line with a function that hands them to the recorder.
'use strict';
const fs = require('fs');
const path = require('path');
const zlib = require('zlib');
const { free_name, mark } = require('./gentle_node_marks.cjs');
const { origins_of } = require('./gentle_node_origins.cjs');
const {
  HAS_CHANGED, IS_ANOTHER_LANGUAGE, MAY_HAVE_CHANGED, NOT_READ, WAS_CHANGED, is_marked, is_of_the_program,
  telling,
} = require('./gentle_node_sources.cjs');

const OTHER_LANGUAGES = ['.ts', '.mts', '.cts', '.tsx', '.jsx'];

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

// Behind the last line: a function is there before the first statement, also in a cycle of modules.
function recorded(content, file, bytes, kind) {
  const name = free_name(content);
  const origins = origins_if_readable(content, file);
  let marked = origins === null || origins.changed ? null : mark(content, kind, name, origins.origin_of);
  if (origins?.changed) return telling(content, origins.changed, HAS_CHANGED); // which marking may find
  // A map that no statement is found in is of no use.
  if (marked === null || marked.sources.length === 0) marked = mark(content, kind, name);
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
  return (origins?.newer ?? []).reduce((all, source) => telling(all, source, MAY_HAVE_CHANGED), counted);
}

// `content` is what Node is about to compile, of the kind 'module', or 'any'.
function recording(content, filename, kind) {
  let file = filename;
  try {
    if (!is_of_the_program(filename) || is_marked(content)) return content;
    file = fs.realpathSync(filename);
    if (!is_of_the_program(file)) return content;
    if (OTHER_LANGUAGES.includes(path.extname(file))) return telling(content, file, IS_ANOTHER_LANGUAGE);
    const bytes = fs.readFileSync(file);
    if (bytes.toString().replace(/^\ufeff/, '') !== content.replace(/^\ufeff/, '')) return telling(content, file, WAS_CHANGED);
    return recorded(content, file, bytes, kind);
  } catch {
    return telling(content, file, NOT_READ);
  }
}

module.exports = { recording };
