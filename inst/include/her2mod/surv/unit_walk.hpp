#pragma once

// The rows of a cohort of two groups from its last time to its first, and where their events lie, for draws
// that count each row so many times: one pass in which only whole numbers are added, and one over the events.
//
// Both groups' numbers at risk are halves of one word, so that no branch depends on a row's group. With
// left truncation who is at risk is no sum from the end: there is no walk.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <her2mod/base/span.hpp>
#include <her2mod/surv/event_table.hpp>

namespace her2mod {

struct unit_walk {
  struct row {
    std::uint32_t number;
    std::uint32_t half;  // by how many bits its units are shifted: 0 or 32
  };
  // A row with an event; those that are tied with it, if any, are of its group.
  struct single {
    std::uint32_t place;  // among `rows`
    std::uint32_t number;
    double of_first, of_second;  // 1 for its group
  };
  // Places of an event time of both groups.
  struct mixed {
    std::uint32_t begin, end;
  };

  std::vector<row> rows;                // stratum after stratum, each from its last time on; at ties censored rows first
  std::vector<std::uint32_t> strata;    // where each one's rows end
  std::vector<single> singles;
  std::vector<mixed> ties;

  explicit unit_walk(const event_table& table) {
    const cohort& data = table.data();
    const std::vector<std::uint32_t>& order = table.pooled().row;
    std::size_t begin = 0;
    for (std::size_t s = 0; s < table.strata(); ++s) {
      const std::size_t end = table.pooled().end[s];
      for (std::size_t i = end; i-- > begin;) rows.push_back({order[i], data.group()[order[i]] == 1 ? 32u : 0u});
      place_events(data, begin, end);
      begin = end;
      strata.push_back(static_cast<std::uint32_t>(end));
    }
  }

  // The units of the rows before each place, and of all of a stratum (`sums` has a place more for each); returns
  // those of all.
  std::uint64_t add_up(span<const std::uint8_t> times, span<std::uint64_t> sums) const noexcept {
    std::uint64_t all = 0;
    std::size_t i = 0;
    for (const std::uint32_t end : strata) {
      std::uint64_t units = 0;
      for (; i < end; ++i) {
        sums[i] = units;
        units += std::uint64_t{times[rows[i].number]} << rows[i].half;
      }
      all += units;
    }
    return all;
  }

  static double first(std::uint64_t units) noexcept { return static_cast<std::int32_t>(units & 0xffffffffu); }
  static double second(std::uint64_t units) noexcept { return static_cast<std::int32_t>(units >> 32); }

 private:
  void place_events(const cohort& data, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end;) {
      const std::uint32_t number = rows[i].number;
      std::size_t next = i + 1;
      if (data.event()[number] == 1) {
        bool both = false;
        for (; next < end && data.response()[rows[next].number] == data.response()[number]; ++next)
          both = both || rows[next].half != rows[i].half;
        if (both)
          ties.push_back({static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(next)});
        else
          for (std::size_t k = i; k < next; ++k) {
            const double second = rows[k].half == 0 ? 0 : 1;
            singles.push_back({static_cast<std::uint32_t>(k), rows[k].number, 1 - second, second});
          }
      }
      i = next;
    }
  }
};

}  // namespace her2mod
