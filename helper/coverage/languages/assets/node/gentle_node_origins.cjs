// Which source each place of a text comes from, by its source map: TypeScript, say, for JavaScript
// that a compiler has made of it.
'use strict';
const fs = require('fs');
const path = require('path');
const url = require('url');
const { SourceMap } = require('module');

const COMMENT = /^[ \t]*\/\/[#@][ \t]*sourceMappingURL=(\S+)[ \t]*$/gm;
const DATA = /^data:application\/json(?:;charset=[^;,]*)?(;base64)?,(.*)$/s;

// What the last comment of the text names, and the folder where its names begin; null without one
// that can be read.
function map_of(content, file) {
  const named = [...content.matchAll(COMMENT)].at(-1)?.[1];
  if (named === undefined) return null;
  const data = DATA.exec(named);
  try {
    const place = path.resolve(path.dirname(file), data ? '.' : decodeURIComponent(named.replace(/\?.*$/, '')));
    if (!data && !fs.statSync(place).isFile()) return null;
    const text = data ? Buffer.from(data[2], data[1] ? 'base64' : 'utf8').toString() : fs.readFileSync(place, 'utf8');
    const payload = JSON.parse(data && !data[1] ? decodeURIComponent(text) : text);
    return Array.isArray(payload.sources) ? { payload, folder: data ? path.dirname(file) : path.dirname(place) } : null;
  } catch {
    return null;
  }
}

// Without links; null for none.
function file_at(place) {
  try {
    const file = fs.realpathSync(place);
    return fs.statSync(file).isFile() ? file : null;
  } catch {
    return null;
  }
}

const OF_WEBPACK = /^webpack:\/\/(?:@[^/]+\/)?[^/]*\/([^?]+)/;
const MOST_ASKED = 100;

// webpack names a source from the folder that it was called in: webpack://<project>/./src/a.ts. That is the folder of the map,
// or one above it: the one that has most of the sources with the contents that the map has for them, or just most of them.
function folder_of_webpack({ payload, folder }, made) {
  const sources = [];
  payload.sources.forEach((name, index) => {
    const of_webpack = typeof name === 'string' ? OF_WEBPACK.exec(name)?.[1] : undefined;
    const is_of_program = of_webpack !== undefined && !/(^|\/)node_modules\/|^webpack\//.test(of_webpack);
    if (is_of_program && sources.length < MOST_ASKED) sources.push([of_webpack, payload.sourcesContent?.[index]]);
  });
  let best = { folder, equal: 0, there: 0 };
  for (let above = folder; sources.length > 0; above = path.dirname(above)) {
    const found = { folder: above, equal: 0, there: 0 };
    for (const [name, content] of sources) {
      const file = file_at(path.join(above, name));
      if (file === null || file === made) continue;
      found.there++;
      if (typeof content === 'string' && !has_changed(fs.readFileSync(file), content)) found.equal++;
    }
    const is_better = found.equal > best.equal || (found.equal === best.equal && found.there > best.there);
    if (is_better) best = found;
    if (above === path.dirname(above)) break;
  }
  return best.folder;
}

// The file that a map names; null for one that is not on this machine.
function file_of(name, folder, of_webpack) {
  const from_webpack = OF_WEBPACK.exec(name);
  if (from_webpack) return file_at(path.join(of_webpack, from_webpack[1]));
  try {
    if (/^[a-z][a-z0-9+.-]+:/i.test(name) && !name.startsWith('file:')) return null;
    return file_at(name.startsWith('file:') ? url.fileURLToPath(name) : path.resolve(folder, name));
  } catch {
    return null;
  }
}

// Whether the source has changed since the text was made of it, or, without its content, may have.
function has_changed(bytes, content) {
  const without_mark = (text) => text.replace(/^\ufeff/, '');
  return typeof content === 'string' && without_mark(bytes.toString()) !== without_mark(content);
}

function may_have_changed(source, content, made) {
  return typeof content !== 'string' && fs.statSync(source).mtimeMs > fs.statSync(made).mtimeMs;
}

// By the name that the map has for each, without its sourceRoot, as Node's SourceMap tells it: its
// file, for those that are there.
function files_of(map, made, counts) {
  const { payload, folder } = map;
  const files = new Map();
  const root = (payload.sourceRoot ?? '').replace(/([^/])$/, '$1/');
  const of_webpack = folder_of_webpack(map, made);
  payload.sources.forEach((name, index) => {
    const content = payload.sourcesContent?.[index];
    const file = typeof name === 'string' ? file_of(root + name, folder, of_webpack) : null;
    const is_bundle = file === made && OF_WEBPACK.test(root + name); // a source of the same name is not there
    if (file !== null && !is_bundle && counts(file)) files.set(name, { file, content });
  });
  return files;
}

// What the map has for the place, or else, if not exactly, for the nearest one behind it on the line,
// as nyc takes it: a compiler leaves out what it has put before, as in "exports.x = x".
function entry_of(map, line, column, is_exact) {
  const is_there = (at) => map.findEntry(line, at).generatedLine === line;
  if (is_there(column)) return map.findEntry(line, column);
  if (is_exact) return {};
  let [low, high] = [column, 2 ** 31];
  if (!is_there(high)) return {};
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (is_there(middle)) high = middle;
    else low = middle;
  }
  return map.findEntry(line, high);
}

// Null if the text comes from no other source that is there and counts. `changed` are those that have
// changed since, of which nothing is told; `newer` those that may have.
function origins_of(content, made, counts) {
  const found = map_of(content, made);
  if (found === null) return null;
  const files = files_of(found, made, counts);
  if (files.size === 0) return null;
  const origins = { texts: new Map(), newer: [], changed: new Set() };
  for (const { file, content: known } of files.values()) {
    const bytes = fs.readFileSync(file);
    if (has_changed(bytes, known)) origins.changed.add(file);
    else if (may_have_changed(file, known, made)) origins.newer.push(file);
    origins.texts.set(file, bytes);
  }
  origins.changed.forEach((file) => origins.texts.delete(file));
  const map = new SourceMap(found.payload);
  const lines = new Map([...origins.texts].map(([file, bytes]) => [file, bytes.toString().split('\n').length]));
  const entry_at = ({ line, column }, is_exact) => entry_of(map, line - 1, column, is_exact);
  origins.origin_of = (start, end, is_exact) => {
    const first = entry_at(start, is_exact);
    const last = entry_at(end, false);
    const source = files.get(first.originalSource);
    if (source === undefined || last.originalSource !== first.originalSource || origins.changed.has(source.file)) return null;
    const line = first.originalLine + 1;
    const place = `${line}:${first.originalColumn}-${last.originalLine + 1}:${last.originalColumn}`;
    if (line >= 1 && line <= lines.get(source.file)) return { file: source.file, line, place };
    origins.changed.add(source.file); // it has no such line any more
    origins.texts.delete(source.file);
    return null;
  };
  return origins;
}

module.exports = { origins_of };
