// A part of the module, in a cycle with it.
import { answer } from './module.mjs';

export function work(path) {
  if (path === '/never') {
    return 'never'; //: -
  }
  return '42';
}

export function later(name, one) {
  if (name !== 'answer' || one !== 1 || typeof answer !== 'function') {
    throw new Error('marks have changed what the program sees'); //: -
  }
}
