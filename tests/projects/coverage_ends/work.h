#pragma once

// Executes one line so many times.
int work(int times);
