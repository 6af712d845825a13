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

#include <her2mod/base/column.hpp>
#include <her2mod/base/error.hpp>

namespace her2mod {

// group: label of each row, 0 (reference) to n_groups - 1; stratum: 0 to n_strata - 1;
// frequency: whole number >= 1 of units in the row; response: the endpoint; cluster: 0 to
// n_clusters - 1, or empty where every unit stands for itself. Of a survival endpoint the response
// is the time, event is 1 where it ended in the event and 0 where it was censored, and entry, where
// it is not empty, is when the unit came under observation: it is at risk in (entry, time].
struct cohort_columns {
  column<std::int32_t> group;
  int n_groups = 0;
  column<std::int32_t> stratum;
  int n_strata = 0;
  column<double> frequency, response;
  column<std::int32_t> cluster;
  int n_clusters = 0;
  column<std::int32_t> event;
  column<double> entry;
  std::vector<column<double>> covariates;  // what a survival effect is adjusted for
};

class cohort {
 public:
  explicit cohort(cohort_columns given) : given_(std::move(given)) {
    const std::size_t n = rows();
    if (n == 0) throw data_error("The data have no rows.");
    if (stratum().size() != n || frequency().size() != n || response().size() != n)
      throw input_error("The columns of a cohort must have one length.");
    check_clusters();
    check_survival();
    std::vector<double> per_group(static_cast<std::size_t>(n_groups()), 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      const double units = frequency()[i];
      if (group()[i] < 0 || group()[i] >= n_groups())
        throw input_error("A group label is out of range.");
      if (stratum()[i] < 0 || stratum()[i] >= n_strata())
        throw input_error("A stratum label is out of range.");
      if (!(units >= 1) || units != std::floor(units) || units > 9e15)
        throw input_error("A frequency must be a whole number of at least 1.");
      if (!std::isfinite(response()[i])) throw input_error("A response is not finite.");
      per_group[static_cast<std::size_t>(group()[i])] += units;
      units_ += units;
    }
    for (const double units : per_group)
      if (units == 0) throw data_error("A group has no units.");
  }
  cohort(std::vector<std::int32_t> group, int n_groups, std::vector<std::int32_t> stratum,
         int n_strata, std::vector<double> frequency, std::vector<double> response,
         std::vector<std::int32_t> cluster = {}, int n_clusters = 0)
      : cohort(cohort_columns{codes(std::move(group)), n_groups, codes(std::move(stratum)),
                              n_strata, numbers(std::move(frequency)),
                              numbers(std::move(response)), codes(std::move(cluster)),
                              n_clusters, {}, {}, {}}) {}

  std::size_t rows() const noexcept { return given_.group.size(); }
  double units() const noexcept { return units_; }
  int n_groups() const noexcept { return given_.n_groups; }
  int n_strata() const noexcept { return given_.n_strata; }
  const column<std::int32_t>& group() const noexcept { return given_.group; }
  const column<std::int32_t>& stratum() const noexcept { return given_.stratum; }
  const column<double>& frequency() const noexcept { return given_.frequency; }
  const column<double>& response() const noexcept { return given_.response; }
  const column<std::int32_t>& cluster() const noexcept { return given_.cluster; }
  bool clustered() const noexcept { return !cluster().empty(); }
  int n_clusters() const noexcept { return given_.n_clusters; }
  const column<std::int32_t>& event() const noexcept { return given_.event; }
  const column<double>& entry() const noexcept { return given_.entry; }
  const std::vector<column<double>>& covariates() const noexcept { return given_.covariates; }
  bool survival() const noexcept { return !event().empty(); }
  bool truncated() const noexcept { return !entry().empty(); }

 private:
  using codes = column<std::int32_t>;
  using numbers = column<double>;

  void check_clusters() const {
    if (!clustered()) return;
    if (cluster().size() != rows())
      throw input_error("The columns of a cohort must have one length.");
    std::vector<std::int32_t> home(static_cast<std::size_t>(std::max(n_clusters(), 0)), -1);
    for (std::size_t i = 0; i < rows(); ++i) {
      if (cluster()[i] < 0 || cluster()[i] >= n_clusters())
        throw input_error("A cluster label is out of range.");
      std::int32_t& stratum_of = home[static_cast<std::size_t>(cluster()[i])];
      if (stratum_of >= 0 && stratum_of != stratum()[i])
        throw data_error("A cluster has rows in two strata.");
      stratum_of = stratum()[i];
    }
    for (const std::int32_t stratum_of : home)
      if (stratum_of < 0) throw input_error("A cluster has no rows.");
  }

  void check_survival() const {
    for (const column<double>& covariate : covariates()) {
      if (covariate.size() != rows()) throw input_error("The columns of a cohort must have one length.");
      for (std::size_t i = 0; i < rows(); ++i)
        if (!std::isfinite(covariate[i])) throw input_error("A covariate is not finite.");
    }
    if (!survival()) {
      if (truncated()) throw input_error("Entry times need events.");
      return;
    }
    if (event().size() != rows() || (truncated() && entry().size() != rows()))
      throw input_error("The columns of a cohort must have one length.");
    for (std::size_t i = 0; i < rows(); ++i) {
      if (event()[i] != 0 && event()[i] != 1) throw input_error("An event must be 0 or 1.");
      if (!(response()[i] >= 0)) throw input_error("A time must not be negative.");
      if (truncated() && !(entry()[i] < response()[i]))
        throw input_error("An entry time must be before the unit's own time.");
    }
  }

  cohort_columns given_;
  double units_ = 0;
};

}  // namespace her2mod
