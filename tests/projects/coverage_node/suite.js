// A test in JavaScript.
'use strict';
const assert = require('assert');

function test() {
  assert.strictEqual(1 + 1, 2);
  if (process.env.NEVER) {
    return 1; //: -
  }
  return 0;
}

process.exit(test());
