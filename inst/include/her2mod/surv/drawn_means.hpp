#pragma once

// Restricted means of two groups (kaplan_meier.hpp) in draws that are bytes or members of a group, without
// strata: nothing but the means is wanted, so each event of each patient is a step of its own,
//
//   S falls to S (1 - w / y)   where w of y at risk have the event,
//
// tied ones one after another, which comes to the same; and 1 / y, y whole, is read from a table.
//
// Where a group's rows lie in the cohort by time, the bytes of eight are added up at once: a product with
// 0x0101010101010101 has in each byte the sum of those up to it, of counts below 32 all below 256.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include <her2mod/base/double_pair.hpp>
#include <her2mod/base/draw.hpp>
#include <her2mod/surv/event_table.hpp>

namespace her2mod {

class drawn_means {
 public:
  struct scratch {
    explicit scratch(const event_table& table)
        : mark(table.data().rows()), sum(table.data().rows()), up_to(table.data().rows() + 8) {}
    std::vector<std::uint8_t> mark;   // of each place of all: whether it is a member
    std::vector<std::uint32_t> sum;   // of the units behind each place of a list, or from it on; or from each eight on
    std::vector<std::uint8_t> up_to;  // of the units of an eight up to each place
  };

  // Of more patients a table is no quicker than a division.
  static constexpr std::size_t most_rows = 1u << 15u;

  drawn_means(const event_table& table, double tau) {
    const cohort& data = table.data();
    if (data.rows() > most_rows || table.truncated() || data.n_groups() != 2) return;
    // A draw of bytes may bring more units than there are rows.
    reciprocal_.assign(4 * data.rows() + 1, 0.0);
    for (std::size_t y = 1; y < reciprocal_.size(); ++y) reciprocal_[y] = reciprocal_of(static_cast<double>(y));
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
    bool in_order = false;           // rows lie side by side
  };

  static list events_of(const cohort& data, const std::vector<std::uint32_t>& rows, double tau) {
    list found{rows, {}, tau, lie_side_by_side(rows)};
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

  // The first byte of a word is its lowest only of little-endian machines.
  static bool lie_side_by_side(const std::vector<std::uint32_t>& rows) {
    const std::uint64_t one = 1;
    std::uint8_t lowest = 0;
    std::memcpy(&lowest, &one, 1);
    for (std::size_t i = 1; i < rows.size(); ++i)
      if (rows[i] != rows[0] + i) return false;
    return lowest == 1 && !rows.empty();
  }

  bool of_times(span<const std::uint8_t> times, scratch& s, std::array<double, 2>& mean) const noexcept {
    for (std::size_t g = 0; g < 2; ++g) {
      const list& own = own_[g];
      std::uint32_t units = 0;
      if (own.in_order && add_eights(own, times, s, units)) {
        if (units == 0 || units >= reciprocal_.size()) return false;
        const std::uint32_t* const from = s.sum.data();
        const std::uint8_t* const up_to = s.up_to.data();
        mean[g] = own.before + area(own.events, times, [=](std::uint32_t place) { return from[place / 8] - up_to[place]; });
        continue;
      }
      units = 0;
      for (std::size_t i = own.row.size(); i-- > 0;) {
        s.sum[i] = units;
        units += times[own.row[i]];
      }
      if (units == 0 || units >= reciprocal_.size()) return false;
      const std::uint32_t* const behind = s.sum.data();
      mean[g] = own.before + area(own.events, times, [=](std::uint32_t place) { return behind[place]; });
    }
    return true;
  }

  // False where a count is 32 or more.
  static bool add_eights(const list& own, span<const std::uint8_t> times, scratch& s, std::uint32_t& units) noexcept {
    const std::uint8_t* const first = times.data() + own.row[0];
    const std::size_t whole = own.row.size() / 8, rest = own.row.size() % 8;
    std::uint32_t* const from = s.sum.data();
    std::uint8_t* const up_to = s.up_to.data();
    std::uint64_t seen = 0;
    const auto add = [&](std::size_t k, std::uint64_t eight) {
      seen |= eight;
      eight *= 0x0101010101010101u;
      std::memcpy(up_to + 8 * k, &eight, 8);
      from[k] = units += static_cast<std::uint32_t>(eight >> 56);
    };
    std::uint64_t eight = 0;
    std::memcpy(&eight, first + 8 * whole, rest);
    if (rest > 0) add(whole, eight);
    for (std::size_t k = whole; k-- > 0;) {
      std::memcpy(&eight, first + 8 * k, 8);
      add(k, eight);
    }
    return (seen & 0xe0e0e0e0e0e0e0e0u) == 0;
  }

  // y times it is 1 in doubles too, of all y up to 236, so that the last w of w at risk leave exactly nobody: at most a unit
  // in the last place above 1 / y. A draw has no row more often.
  static double reciprocal_of(double y) {
    const double r = 1 / y, above = std::nextafter(r, 1.0);
    return y < 256 && y * r < 1 && y * above == 1 ? above : r;
  }

  // Both halves at once: the second as if the curve were at 1 when it begins.
  // after(place): the units behind a place.
  template <class After>
  double area(const std::vector<event>& events, span<const std::uint8_t> times, const After& after) const noexcept {
    const double* const reciprocal = reciprocal_.data();
    const auto factor = [&](const event& e) {
      const std::uint32_t w = times[e.row];
      return 1 - static_cast<double>(w) * reciprocal[after(e.place) + w];
    };
    const std::size_t half = events.size() / 2;
    const event *const first = events.data(), *const second = first + half;
    double s1 = 1, s2 = 1, area1 = 0, area2 = 0;
    for (std::size_t j = 0; j < half; ++j) {
      area1 += (s1 *= factor(first[j])) * first[j].width;
      area2 += (s2 *= factor(second[j])) * second[j].width;
    }
    if (events.size() > 2 * half) area2 += s2 * factor(second[half]) * second[half].width;
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
    double_pair survival = {1, 1}, area = {};
    const double* const after_one = after_one_.data();
    for (const event& e : all_.events) {
      // Of the group without the event the factor is the table's first: 1.
      const std::uint32_t member = mark[e.place], members = at_risk[e.place];
      survival *= double_pair{after_one[member * members], after_one[(1 - member) * (n - e.place - members)]};
      area += survival * e.width;
    }
    for (const std::uint32_t row : what.members) mark[place[row]] = 0;
    mean[static_cast<std::size_t>(what.listed)] = all_.before + area[0];
    mean[static_cast<std::size_t>(1 - what.listed)] = all_.before + area[1];
    return true;
  }

  std::vector<double> reciprocal_;  // empty: draws are not read here
  std::vector<double> after_one_;   // (y - 1) / y; 1 in place of that of 0
  std::array<list, 2> own_;
  list all_;
  std::vector<std::uint32_t> place_;  // of each row in it
};

}  // namespace her2mod
