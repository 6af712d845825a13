#pragma once

// A statistic over its own standard error, in every replicate anew: Z = T / se(T). Its permutation test
// is asymptotically valid where the groups differ in what the null hypothesis does not speak of, as
// in censoring (Janssen A 1997, Stat Probab Lett 36:9, doi:10.1016/S0167-7152(97)00043-6; of restricted
// means Ditzhaus M, Yu M, Xu J 2023, Stat Med 42:2226, doi:10.1002/sim.9720), and exact if they do not.
// Of a ratio T is its logarithm. Infinite where T differs from 0 without a variance; 0/0 has no value.

#include <array>
#include <memory>
#include <utility>

#include <her2mod/stat/statistic.hpp>

namespace her2mod {

class studentised final : public statistic {
 public:
  explicit studentised(std::unique_ptr<statistic> inner) : inner_(std::move(inner)), spec_(inner_->describe()) {
    spec_.n_outputs = 1;
    spec_.scale = analysis_scale::identity;
    spec_.lowest = -std::numeric_limits<double>::infinity();
    spec_.highest = std::numeric_limits<double>::infinity();
  }

  const statistic_spec& describe() const noexcept override { return spec_; }
  short_forms reads() const noexcept override { return inner_->reads(); }
  std::unique_ptr<workspace> make_workspace() const override { return inner_->make_workspace(); }

  reason evaluate(const draw& what, workspace& scratch, span<double> out) const noexcept override {
    std::array<double, 2> of{};
    const reason why = inner_->evaluate(what, scratch, span<double>(of.data(), 2));
    if (why == reason::none) return write_estimate(of[0] / of[1], 0, out);
    out[0] = of[0];
    return why;
  }

 private:
  std::unique_ptr<statistic> inner_;
  statistic_spec spec_;
};

}  // namespace her2mod
