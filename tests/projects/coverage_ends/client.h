#pragma once

// Makes so many connections to the service, one after the other; returns when it has served them.
void request(int times);
