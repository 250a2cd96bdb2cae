// A shared library, but no plugin.
extern "C" int no_strategy() { return 1; }
