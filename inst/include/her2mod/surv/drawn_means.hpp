#pragma once

// Restricted means of two groups (kaplan_meier.hpp) in draws that are bytes or members of a group, without
// strata: nothing but the means is wanted, so each event of each patient is a step of its own,
//
//   S falls to S (1 - w / y)   where w of y at risk have the event,
//
// tied ones one after another, which comes to the same; and 1 / y, y whole, is read from a table.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/draw.hpp>
#include <her2mod/surv/event_table.hpp>

namespace her2mod {

class drawn_means {
 public:
  struct scratch {
    explicit scratch(const event_table& table) : mark(table.data().rows()), sum(table.data().rows()), factor(table.data().rows()) {}
    std::vector<std::uint8_t> mark;  // of each place of all: whether it is a member
    std::vector<std::uint32_t> sum;  // of the units behind each place of a list, or from it on
    std::vector<double> factor;
  };

  // Of more patients a table is no quicker than a division.
  static constexpr std::size_t most_rows = 1u << 15u;

  drawn_means(const event_table& table, double tau) {
    const cohort& data = table.data();
    if (data.rows() > most_rows || table.truncated() || data.n_groups() != 2) return;
    // A draw of bytes may bring more units than there are rows.
    reciprocal_.assign(4 * data.rows() + 1, 0.0);
    for (std::size_t y = 1; y < reciprocal_.size(); ++y) reciprocal_[y] = 1 / static_cast<double>(y);
    after_one_.assign(data.rows() + 1, 1.0);
    for (std::size_t y = 1; y <= data.rows(); ++y) after_one_[y] = static_cast<double>(y - 1) / static_cast<double>(y);
    for (std::size_t g = 0; g < 2; ++g) own_[g] = events_of(data, table.of_group(g).row, tau);
    all_ = events_of(data, table.pooled().row, tau);
    place_.resize(data.rows());
    for (std::uint32_t i = 0; i < data.rows(); ++i) place_[all_.row[i]] = i;
  }

  bool reads(const draw& what) const noexcept {
    return !reciprocal_.empty() && (!what.members.empty() || (!what.times.empty() && !what.relabelled));
  }

  // False where a group has no units, or there are too many.
  bool operator()(const draw& what, scratch& s, std::array<double, 2>& mean) const noexcept {
    return what.members.empty() ? of_times(what.times, s, mean) : of_members(what, s, mean);
  }

 private:
  struct event {
    std::uint32_t place, row;
    double width;  // to the next event of the list, or tau
  };
  struct list {
    std::vector<std::uint32_t> row;  // by time
    std::vector<event> events;       // before tau
    double before = 0;               // the first of them
  };

  static list events_of(const cohort& data, const std::vector<std::uint32_t>& rows, double tau) {
    list found{rows, {}, tau};
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
      const double t = data.response()[rows[i]];
      if (data.event()[rows[i]] == 0 || !(t < tau)) continue;
      if (found.events.empty())
        found.before = t;
      else
        found.events.back().width -= tau - t;
      found.events.push_back({i, rows[i], tau - t});
    }
    return found;
  }

  // 1 - w / y of w + others = y at risk: exactly 0 if nobody is left, and 1 if nobody falls.
  double factor(std::uint32_t w, std::uint32_t others) const noexcept {
    const double f = 1 - static_cast<double>(w) * reciprocal_[others + w];
    return others == 0 && w > 0 ? 0 : f;
  }

  bool of_times(span<const std::uint8_t> times, scratch& s, std::array<double, 2>& mean) const noexcept {
    for (std::size_t g = 0; g < 2; ++g) {
      const list& own = own_[g];
      std::uint32_t units = 0;
      for (std::size_t i = own.row.size(); i-- > 0;) {
        s.sum[i] = units;
        units += times[own.row[i]];
      }
      if (units == 0 || units >= reciprocal_.size()) return false;
      const std::size_t n = own.events.size();
      for (std::size_t j = 0; j < n; ++j) s.factor[j] = factor(times[own.events[j].row], s.sum[own.events[j].place]);
      mean[g] = own.before + area(own.events, s.factor.data());
    }
    return true;
  }

  // Both halves at once: the second as if the curve were at 1 when it begins.
  static double area(const std::vector<event>& events, const double* factor) noexcept {
    const std::size_t half = events.size() / 2;
    double s1 = 1, s2 = 1, area1 = 0, area2 = 0;
    for (std::size_t j = 0; j < half; ++j) {
      area1 += (s1 *= factor[j]) * events[j].width;
      area2 += (s2 *= factor[half + j]) * events[half + j].width;
    }
    if (events.size() > 2 * half) area2 += s2 * factor[2 * half] * events[2 * half].width;
    return area1 + s1 * area2;
  }

  bool of_members(const draw& what, scratch& s, std::array<double, 2>& mean) const noexcept {
    const auto n = static_cast<std::uint32_t>(all_.row.size()), listed = static_cast<std::uint32_t>(what.members.size());
    if (listed == 0 || listed >= n) return false;
    std::uint8_t* const mark = s.mark.data();
    std::uint32_t* const at_risk = s.sum.data();
    const std::uint32_t* const place = place_.data();
    for (const std::uint32_t row : what.members) mark[place[row]] = 1;
    for (std::uint32_t i = n, members = 0; i-- > 0;) at_risk[i] = members += mark[i];
    double in = 1, out = 1, area_in = 0, area_out = 0;
    for (const event& e : all_.events) {
      // Of the group without the event the factor is the table's first: 1.
      const std::uint32_t member = mark[e.place], members = at_risk[e.place];
      area_in += (in *= after_one_[member * members]) * e.width;
      area_out += (out *= after_one_[(1 - member) * (n - e.place - members)]) * e.width;
    }
    for (const std::uint32_t row : what.members) mark[place[row]] = 0;
    mean[static_cast<std::size_t>(what.listed)] = all_.before + area_in;
    mean[static_cast<std::size_t>(1 - what.listed)] = all_.before + area_out;
    return true;
  }

  std::vector<double> reciprocal_;  // empty: draws are not read here
  std::vector<double> after_one_;   // (y - 1) / y; 1 in place of that of 0
  std::array<list, 2> own_;
  list all_;
  std::vector<std::uint32_t> place_;  // of each row in it
};

}  // namespace her2mod
