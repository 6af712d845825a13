# One task of an array: the range that belongs to its number.
# Reads job.rds, writes part-<number>.rds.
library(her2mod)

task <- as.integer(Sys.getenv("SLURM_ARRAY_TASK_ID"))
threads <- as.integer(Sys.getenv("SLURM_CPUS_PER_TASK", "1"))
plan <- readRDS("job.rds") # job, done: replicates that there are, size: of a range

first <- plan$done + (task - 1) * plan$size + 1
part <- evaluate_range(plan$job, first, plan$size, threads = threads)

# A file that has its name is complete, whenever the task is killed.
saveRDS(part, sprintf("unfinished-%03d.rds", task))
file.rename(sprintf("unfinished-%03d.rds", task), sprintf("part-%03d.rds", task))
