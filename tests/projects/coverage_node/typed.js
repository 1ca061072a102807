"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.greeting = void 0;
class Greeter {
    constructor(named = { name: 'you' }) {
        this.named = named;
    }
    greet(loud) {
        const words = `hello ${this.named.name}`;
        if (loud) {
            return words.toUpperCase(); //: -
        }
        return words;
    }
}
var Kind;
(function (Kind) {
    Kind[Kind["plain"] = 0] = "plain";
    Kind[Kind["loud"] = 1] = "loud";
})(Kind || (Kind = {}));
exports.greeting = new Greeter().greet(Kind.plain === Kind.loud);
//# sourceMappingURL=typed.js.map
