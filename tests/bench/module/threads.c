// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that allocate and free in one domain at the same time, and how often they
 * find a lock taken, by the kernel's tracepoint (Linux 5.19 and later).
 */
#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>

#include "suite.h"

#define MOST	16U

static atomic_t contended, running;
static DECLARE_COMPLETION(begin);
static DECLARE_COMPLETION(finished);
static DEFINE_MUTEX(known_lock);

struct bench_thread {
	struct bench	*bench;
	unsigned int	tries;
	int		ret;
	int		(*try)(struct bench *bench);
};

static struct bench_thread threads[MOST];

static void on_contention(void *unused, void *lock, unsigned int flags)
{
	if (!strncmp(current->comm, "ims_bench", 9))
		atomic_inc(&contended);
}

static int thread_alloc_and_free(struct bench *bench)
{
	struct msi_map map = bench->kind->alloc(bench);

	return map.index < 0 ? map.index : bench->kind->free(bench, map);
}

/* Who takes it sleeps with it, so that the other finds it taken */
static int thread_known(struct bench *bench)
{
	mutex_lock(&known_lock);
	msleep(50);
	mutex_unlock(&known_lock);
	return 0;
}

static int bench_thread(void *data)
{
	struct bench_thread *thread = data;
	unsigned int i;

	wait_for_completion(&begin);
	for (i = 0; i < thread->tries && !thread->ret; i++)
		thread->ret = thread->try(thread->bench);
	if (atomic_dec_and_test(&running))
		complete(&finished);
	return 0;
}

static int thread_start(struct bench_thread *thread, unsigned int number)
{
	struct task_struct *task;

	task = kthread_create(bench_thread, thread, "ims_bench%u", number);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, number % num_online_cpus());
	wake_up_process(task);
	return 0;
}

/* Return: how often a lock was found taken, or a negative errno */
static int run_threads(struct bench *bench, unsigned int nr, unsigned int tries,
		       int (*try)(struct bench *bench))
{
	unsigned int started, i;
	int ret = 0;

	reinit_completion(&begin);
	reinit_completion(&finished);
	atomic_set(&contended, 0);
	atomic_set(&running, nr);
	for (started = 0; started < nr && !ret; started++) {
		threads[started] = (struct bench_thread){ bench, tries, 0, try };
		ret = thread_start(&threads[started], started);
	}
	if (ret)	/* the last was not started, nor were those after it */
		atomic_sub(nr - started + 1, &running);
	complete_all(&begin);
	if (!ret)
		wait_for_completion(&finished);
	msleep(20);	/* they are ending */
	for (i = 0; i < nr && !ret; i++)
		ret = threads[i].ret;
	return ret ?: atomic_read(&contended);
}

/* As many interrupts as there are threads have been freed before */
static int warm_up(struct bench *bench, unsigned int nr)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < nr && !ret; i++) {
		bench->maps[i] = bench->kind->alloc(bench);
		ret = min(bench->maps[i].index, 0);
	}
	while (i-- && !ret)
		ret = bench->kind->free(bench, bench->maps[i]);
	return ret;
}

static int count_contention(struct bench *bench, unsigned int nr,
			    unsigned int tries)
{
	int ret;

	/* Nobody waits if there is one thread; of four, three wait for the first */
	ret = run_threads(bench, 1, 4, thread_known);
	if (ret < 0)
		return ret;
	bench_note_value(bench, "contention_known", 1, ret);
	ret = run_threads(bench, 4, 1, thread_known);
	if (ret < 0)
		return ret;
	bench_note_value(bench, "contention_known", 4, ret);

	ret = warm_up(bench, nr) ?:
	      run_threads(bench, nr, tries, thread_alloc_and_free);
	if (ret < 0)
		return ret;
	bench_note_value(bench, "contention", tries, ret);
	return 0;
}

/* "threads N M": N threads, each M times */
int bench_threads(struct bench *bench, const struct bench_args *args)
{
	struct tracepoint *tracepoint = bench_find_tracepoint("contention_begin");
	int ret;

	if (!args->nr || args->nr > MOST)
		return -EINVAL;
	if (!tracepoint)
		return -EOPNOTSUPP;
	ret = tracepoint_probe_register(tracepoint, on_contention, NULL);
	if (ret)
		return ret;
	ret = count_contention(bench, args->nr, args->nr2);
	tracepoint_probe_unregister(tracepoint, on_contention, NULL);
	tracepoint_synchronize_unregister();
	return ret;
}
