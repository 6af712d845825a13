#pragma once

// Permutation of several outcomes of one sample together, of which each may be known of some of the
// patients only.
//
// A replicate puts all patients of a stratum into an order, each order equally likely, and it is the
// same for every outcome. In that order the labels of an outcome's known patients are dealt out to
// them. So each outcome has a permutation of its own patients, every arrangement equally likely and
// with the group sizes that it has; and outcomes known of the same patients are arranged alike.

#include <algorithm>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/resample/units.hpp>
#include <her2mod/rng/shuffle.hpp>
#include <her2mod/rng/streams.hpp>

namespace her2mod {

class shared_permutation_plan {
 public:
  // `stratum`: of each patient of the sample; `patient`: which of them each row of the data is.
  shared_permutation_plan(const cohort& data, std::uint64_t seed, span<const std::int32_t> stratum,
                          span<const std::int32_t> patient)
      : data_(&data), streams_(seed, purpose::permutation), row_of_(stratum.size(), nobody) {
    if (data.clustered() || data.units() != static_cast<double>(data.rows()))
      throw input_error("A permutation that outcomes share needs one row for each patient.");
    if (patient.size() != data.rows()) throw input_error("Each row must be one of the patients.");
    for (std::size_t row = 0; row < data.rows(); ++row) {
      const auto p = static_cast<std::size_t>(patient[row]);
      if (patient[row] < 0 || p >= stratum.size() || row_of_[p] != nobody)
        throw input_error("Each row must be a patient of its own.");
      if (stratum[p] != data.stratum()[row]) throw input_error("A row is in another stratum than its patient.");
      row_of_[p] = static_cast<std::uint32_t>(row);
    }
    sort_by_stratum(stratum, data.n_strata());
    for (const std::uint32_t p : order_)
      if (row_of_[p] != nobody) label_.push_back(data.group()[row_of_[p]]);
  }

  std::uint64_t grain() const noexcept { return 1; }
  static constexpr bool numbered = false;

  class state {
   public:
    explicit state(const shared_permutation_plan& plan, short_forms = {})
        : streams_(plan.streams_), order_(plan.order_.size()), label_(plan.data_->rows()) {}

   private:
    friend class shared_permutation_plan;
    streams streams_;
    std::vector<std::uint32_t> order_;
    std::vector<std::int32_t> label_;
  };

  draw make(std::uint64_t replicate, state& s) const {
    xoshiro256pp generator = s.streams_.open(replicate);
    // From the observed order, so that a replicate does not depend on the one before.
    std::copy(order_.begin(), order_.end(), s.order_.begin());
    for (const unit_block& b : blocks_)
      shuffle(generator, span<std::uint32_t>(s.order_.data() + b.first, b.count));
    std::size_t dealt = 0;
    for (const std::uint32_t p : s.order_)
      if (row_of_[p] != nobody) s.label_[row_of_[p]] = label_[dealt++];
    return {data_->frequency(), s.label_};
  }

 private:
  static constexpr std::uint32_t nobody = 0xffffffffu;

  void sort_by_stratum(span<const std::int32_t> stratum, int n_strata) {
    std::vector<std::size_t> start(static_cast<std::size_t>(n_strata) + 1, 0);
    for (const std::int32_t s : stratum) {
      if (s < 0 || s >= n_strata) throw input_error("A stratum label is out of range.");
      ++start[static_cast<std::size_t>(s) + 1];
    }
    for (std::size_t k = 1; k < start.size(); ++k) {
      blocks_.push_back({start[k - 1], start[k]});
      start[k] += start[k - 1];
    }
    order_.resize(stratum.size());
    for (std::size_t p = 0; p < stratum.size(); ++p)
      order_[start[static_cast<std::size_t>(stratum[p])]++] = static_cast<std::uint32_t>(p);
  }

  const cohort* data_;
  streams streams_;
  std::vector<std::uint32_t> row_of_;  // of each patient, or nobody where the outcome is not known
  std::vector<std::uint32_t> order_;   // patients, stratum by stratum
  std::vector<unit_block> blocks_;
  std::vector<std::int32_t> label_;  // of the known patients in that order, stratum by stratum
};

}  // namespace her2mod
