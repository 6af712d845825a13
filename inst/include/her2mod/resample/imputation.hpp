#pragma once

// Imputation and permutation: a permutation test of survival where the groups were followed for
// different lengths of time (Wang R, Lagakos SW, Gray RJ 2010, Biostatistics 11:676,
// doi:10.1093/biostatistics/kxq021: the method that permutes group membership).
//
// Let T be the time of the event and C that of censoring, with the same T but not the same C in both
// groups if there is no effect. S is the Kaplan-Meier curve of T of all patients of a stratum, G_g that of C in
// group g. A replicate deals out the labels within strata. Who keeps his group keeps his time. Who
// comes into group g
//   keeps T if the event was seen, and else gets one drawn from S beyond the time of censoring,
//   gets a C drawn from G_g,
// and is seen until the smaller of both, with the event if T <= C. Where S or G_g do not come to 0 what is
// left is infinite; where both are, the patient is censored at the stratum's last time.
//
// S is the stratum's own, as survival may differ between strata. G_g is the stratum's own where every
// stratum has at least 20 patients of each group, and else that of all strata: length of follow-up is mostly
// a matter of when the study began and ended, and curves of a few patients are poor.
//
// Every time is one that was seen, and an event at a time at which the stratum had one, so nothing is
// sorted. With nobody censored a replicate is that of permutation_plan. The test is not exact: S and G
// are estimates.

#include <vector>

#include <her2mod/resample/permutation.hpp>
#include <her2mod/surv/step_distribution.hpp>

namespace her2mod {

class imputation_plan {
 public:
  static constexpr bool numbered = false;
  static constexpr double least_within = 20;  // patients of each group of each stratum

  imputation_plan(const cohort& data, std::uint64_t seed)
      : data_(&data),
        labels_((require_plain_survival(data), data), seed),
        streams_(seed, purpose::imputation),
        within_(censoring_within_strata(data)),
        last_(static_cast<std::size_t>(data.n_strata()), 0.0) {
    const auto groups = static_cast<std::size_t>(data.n_groups());
    std::vector<std::vector<followed_time>> seen(last_.size()), seen_by(groups * (within_ ? last_.size() : 1));
    for (std::size_t row = 0; row < data.rows(); ++row) {
      const followed_time own{data.response()[row], data.event()[row] == 1};
      const auto s = static_cast<std::size_t>(data.stratum()[row]);
      seen[s].push_back(own);
      seen_by[censoring_of(s, data.group()[row])].push_back(own);
      last_[s] = std::max(last_[s], own.time);
    }
    using of = step_distribution::of;
    for (auto& all : seen) survival_.emplace_back(of::event, std::move(all));
    for (auto& all : seen_by) censoring_.emplace_back(of::censoring, std::move(all));
    for (std::size_t row = 0; row < data.rows(); ++row)
      beyond_.push_back(survival_[static_cast<std::size_t>(data.stratum()[row])].beyond(data.response()[row]));
  }

  // Whether the distributions of censoring are those of each stratum.
  static bool censoring_within_strata(const cohort& data) {
    const auto groups = static_cast<std::size_t>(data.n_groups());
    std::vector<double> size(groups * static_cast<std::size_t>(data.n_strata()), 0.0);
    for (std::size_t row = 0; row < data.rows(); ++row)
      size[static_cast<std::size_t>(data.stratum()[row]) * groups + static_cast<std::size_t>(data.group()[row])] += 1;
    return *std::min_element(size.begin(), size.end()) >= least_within;
  }

  std::uint64_t grain() const noexcept { return 1; }

  class state {
   public:
    explicit state(const imputation_plan& plan, short_forms = {})
        : labels_(plan.labels_), streams_(plan.streams_), time_(plan.data_->rows()), event_(plan.data_->rows()) {}

   private:
    friend class imputation_plan;
    permutation_plan::state labels_;
    streams streams_;
    std::vector<double> time_;
    std::vector<std::int32_t> event_;
  };

  draw make(std::uint64_t replicate, state& s) const {
    draw dealt = labels_.make(replicate, s.labels_);
    xoshiro256pp generator = s.streams_.open(replicate);
    for (std::size_t row = 0; row < s.time_.size(); ++row) {
      const bool stays = dealt.label[row] == data_->group()[row];
      const followed_time now = stays ? own(row) : moved(row, dealt.label[row], generator);
      s.time_[row] = now.time;
      s.event_[row] = now.event ? 1 : 0;
    }
    dealt.time = s.time_;
    dealt.event = s.event_;
    return dealt;
  }

 private:
  static void require_plain_survival(const cohort& data) {
    if (!data.survival()) throw input_error("Imputing follow-up needs survival times and events.");
    if (data.truncated()) throw input_error("Follow-up cannot be imputed with entry times.");
    if (data.clustered()) throw input_error("Follow-up cannot be imputed for clusters.");
  }

  std::size_t censoring_of(std::size_t stratum, std::int32_t group) const noexcept {
    const auto g = static_cast<std::size_t>(group);
    return within_ ? stratum * static_cast<std::size_t>(data_->n_groups()) + g : g;
  }

  followed_time own(std::size_t row) const noexcept {
    return {data_->response()[row], data_->event()[row] == 1};
  }

  static double share(xoshiro256pp& generator) noexcept {
    return static_cast<double>(generator() >> 11) * 0x1p-53;
  }

  followed_time moved(std::size_t row, std::int32_t group, xoshiro256pp& generator) const noexcept {
    const auto s = static_cast<std::size_t>(data_->stratum()[row]);
    followed_time seen = own(row);
    if (!seen.event) seen.time = survival_[s].draw(beyond_[row], share(generator));
    const double censored = censoring_[censoring_of(s, group)].draw({}, share(generator));
    if (seen.time <= censored && seen.time < infinity) return {seen.time, true};
    return {censored < infinity ? censored : last_[s], false};
  }

  const cohort* data_;
  permutation_plan labels_;
  streams streams_;
  bool within_;
  std::vector<double> last_;                  // time of each stratum
  std::vector<step_distribution> survival_;   // of each stratum
  std::vector<step_distribution> censoring_;  // of each group, or of each stratum's groups
  std::vector<step_distribution::place> beyond_;  // each row's time of censoring
};

}  // namespace her2mod
