#!/bin/bash
#SBATCH --job-name=her2mod
#SBATCH --array=1-100
#SBATCH --cpus-per-task=4
#SBATCH --mem=2G
#SBATCH --time=00:30:00
Rscript range.R
