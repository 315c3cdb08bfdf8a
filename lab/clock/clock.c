/*
 * The clock of the lab's kernel. User Mode Linux takes its time and its timer from the C library of the host. This
 * library, preloaded, makes both go slower, at a rate that the file $LAB_CLOCK holds and that may change at any time.
 *
 * Built with tcc, without headers: user-mode-linux is there for x86 alone, and a long has 64 bits.
 */
enum { clock_monotonic = 1, prot_read = 1, map_shared = 1, page = 4096 };
static const long second = 1000000000;
/* The file holds 65,536ths of the host's rate, 32 bits. */
static const long one = 65536;

struct timespec {
	long tv_sec, tv_nsec;
};
struct itimerspec {
	struct timespec it_interval, it_value;
};

extern void *dlsym(void *library, const char *name);
extern char *getenv(const char *name);
extern int open(const char *file, int flags, ...);
extern void *mmap(void *at, unsigned long length, int protection, int flags, int file, long offset);

static int (*host_gettime)(int, struct timespec *);
static int (*host_settime)(void *, int, const struct itimerspec *, struct itimerspec *);

static volatile const unsigned *rate_file;

/* Where the line of the present rate begins. One is in use, the other is for the next rate. */
static struct base {
	long host, lab;
	unsigned rate;
} bases[2];
static struct base *volatile base = bases;
static volatile int is_rebasing;

static long host_now(void)
{
	struct timespec now;

	host_gettime(clock_monotonic, &now);
	return now.tv_sec * second + now.tv_nsec;
}

__attribute__((constructor)) static void start(void)
{
	void *const next = (void *)-1l; /* RTLD_NEXT */

	host_gettime = dlsym(next, "clock_gettime");
	host_settime = dlsym(next, "timer_settime");
	rate_file = mmap(0, page, prot_read, map_shared, open(getenv("LAB_CLOCK"), 0), 0);
	base->host = base->lab = host_now();
	base->rate = *rate_file;
}

/* The kernel's signal handler, which reads the clock as well, may interrupt this at any point. */
static void rebase(struct base *from, long host, long lab, unsigned rate)
{
	struct base *to = from == bases ? bases + 1 : bases;

	if (is_rebasing)
		return;
	is_rebasing = 1;
	if (base == from) {
		to->host = host;
		to->lab = lab;
		to->rate = rate;
		base = to;
	}
	is_rebasing = 0;
}

int clock_gettime(int clock, struct timespec *now)
{
	struct base *from = base;
	unsigned rate = *rate_file;
	long host, lab;

	if (clock != clock_monotonic)
		return host_gettime(clock, now);
	host = host_now();
	lab = from->lab + (host - from->host) * from->rate / one;
	if (rate != from->rate)
		rebase(from, host, lab, rate);
	now->tv_sec = lab / second;
	now->tv_nsec = lab % second;
	return 0;
}

static struct timespec stretch(struct timespec time)
{
	long nanoseconds = (time.tv_sec * second + time.tv_nsec) * one / base->rate;
	struct timespec stretched = { nanoseconds / second, nanoseconds % second };

	return stretched;
}

int timer_settime(void *timer, int flags, const struct itimerspec *time, struct itimerspec *before)
{
	struct itimerspec stretched = { stretch(time->it_interval), stretch(time->it_value) };

	return host_settime(timer, flags, &stretched, before);
}
