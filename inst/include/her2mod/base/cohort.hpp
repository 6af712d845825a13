#pragma once

// The validated rows that every statistic reads. A row stands for `frequency` identical units
// (patients), so 10^6 patients with a binary endpoint are four rows. Rows may belong to clusters
// (centres, patients with several lesions), which plans then draw or relabel as wholes. Checked
// once, here; nobody inside checks again.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <her2mod/base/error.hpp>

namespace her2mod {

class cohort {
 public:
  // group: label of each row, 0 (reference) to n_groups - 1; stratum: 0 to n_strata - 1;
  // frequency: whole number >= 1 of units in the row; response: the endpoint; cluster: 0 to
  // n_clusters - 1, or empty where every unit stands for itself.
  cohort(std::vector<std::int32_t> group, int n_groups, std::vector<std::int32_t> stratum,
         int n_strata, std::vector<double> frequency, std::vector<double> response,
         std::vector<std::int32_t> cluster = {}, int n_clusters = 0)
      : group_(std::move(group)),
        stratum_(std::move(stratum)),
        frequency_(std::move(frequency)),
        response_(std::move(response)),
        cluster_(std::move(cluster)),
        n_groups_(n_groups),
        n_strata_(n_strata),
        n_clusters_(n_clusters) {
    const std::size_t n = group_.size();
    if (n == 0) throw data_error("The data have no rows.");
    if (stratum_.size() != n || frequency_.size() != n || response_.size() != n)
      throw input_error("The columns of a cohort must have one length.");
    check_clusters();
    std::vector<double> per_group(static_cast<std::size_t>(n_groups_), 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      if (group_[i] < 0 || group_[i] >= n_groups_) throw input_error("A group label is out of range.");
      if (stratum_[i] < 0 || stratum_[i] >= n_strata_)
        throw input_error("A stratum label is out of range.");
      if (!(frequency_[i] >= 1) || frequency_[i] != std::floor(frequency_[i]) || frequency_[i] > 9e15)
        throw input_error("A frequency must be a whole number of at least 1.");
      if (!std::isfinite(response_[i])) throw input_error("A response is not finite.");
      per_group[static_cast<std::size_t>(group_[i])] += frequency_[i];
      units_ += frequency_[i];
    }
    for (const double units : per_group)
      if (units == 0) throw data_error("A group has no units.");
  }

  std::size_t rows() const noexcept { return group_.size(); }
  double units() const noexcept { return units_; }
  int n_groups() const noexcept { return n_groups_; }
  int n_strata() const noexcept { return n_strata_; }
  const std::vector<std::int32_t>& group() const noexcept { return group_; }
  const std::vector<std::int32_t>& stratum() const noexcept { return stratum_; }
  const std::vector<double>& frequency() const noexcept { return frequency_; }
  const std::vector<double>& response() const noexcept { return response_; }
  const std::vector<std::int32_t>& cluster() const noexcept { return cluster_; }
  bool clustered() const noexcept { return !cluster_.empty(); }
  int n_clusters() const noexcept { return n_clusters_; }

 private:
  void check_clusters() const {
    if (cluster_.empty()) return;
    if (cluster_.size() != group_.size())
      throw input_error("The columns of a cohort must have one length.");
    std::vector<std::int32_t> home(static_cast<std::size_t>(std::max(n_clusters_, 0)), -1);
    for (std::size_t i = 0; i < cluster_.size(); ++i) {
      if (cluster_[i] < 0 || cluster_[i] >= n_clusters_)
        throw input_error("A cluster label is out of range.");
      std::int32_t& stratum = home[static_cast<std::size_t>(cluster_[i])];
      if (stratum >= 0 && stratum != stratum_[i])
        throw data_error("A cluster has rows in two strata.");
      stratum = stratum_[i];
    }
    for (const std::int32_t stratum : home)
      if (stratum < 0) throw input_error("A cluster has no rows.");
  }

  std::vector<std::int32_t> group_;
  std::vector<std::int32_t> stratum_;
  std::vector<double> frequency_;
  std::vector<double> response_;
  std::vector<std::int32_t> cluster_;
  int n_groups_ = 0;
  int n_strata_ = 0;
  int n_clusters_ = 0;
  double units_ = 0;
};

}  // namespace her2mod
