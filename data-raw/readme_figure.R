# Writes man/figures/README-effects.png. Run from the package's folder, with the package installed:
# Rscript data-raw/readme_figure.R
library(her2mod)
library(ggplot2)

figure <- autoplot(reproduce_study()) +
  labs(title = "What the printed percentages of Ma and others (2025) say")
ggsave("man/figures/README-effects.png", figure, width = 8, height = 4, dpi = 150, bg = "white")
