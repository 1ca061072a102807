// A test in JavaScript.
'use strict';
const assert = require('assert');
const { greeting } = require('./typed.js');

function test() {
  assert.strictEqual(greeting, 'hello you');
  if (process.env.NEVER) {
    return 1; //: -
  }
  return 0;
}

process.exit(test());
