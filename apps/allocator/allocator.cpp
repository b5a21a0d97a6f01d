// jemalloc reads this name. Memory lies on pages of 2 MB where the system has them, and is kept for the next array: the
// first touch of 4 kB pages took a quarter of the time in which a socket is made. Few arenas keep the peak low.
extern "C" const char* const malloc_conf;
extern "C" const char* const malloc_conf = "thp:always,metadata_thp:auto,dirty_decay_ms:-1,narenas:2";
