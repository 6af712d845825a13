#pragma once

// Ryegrass root lengths (cm) by ferulic acid (mM), of Inderjit et al. 2002; data of CRAN package drc.

#include <her2mod/dose/means.hpp>
#include <vector>

struct wells {
  std::vector<double> dose, response;

  her2mod::dose_means means() const { return her2mod::means_by_dose(dose, response); }
  // In other units.
  wells times(double of_dose, double of_response) const {
    wells other = *this;
    for (double& d : other.dose)
      d *= of_dose;
    for (double& y : other.response)
      y *= of_response;
    return other;
  }
};

const wells ryegrass{{0,    0,    0,    0,    0,    0,   .94, .94, .94, 1.88, 1.88, 1.88,
                      3.75, 3.75, 3.75, 7.5, 7.5, 7.5, 15,  15,  15,  30,   30,   30},
                     {7.58, 8, 8.328571429, 7.25, 7.375, 7.9625, 8.355555556, 6.914285714, 7.75, 6.871428571, 6.45, 5.922222222,
                      1.925, 2.885714286, 4.233333333, 1.1875, .857142857, 1.057142857, .6875, .525, .825, .25, .22, .44}};
