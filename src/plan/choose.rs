//! One pass: who comes, who leaves for it, and what still fits.

use super::{
    exchange::{Exchange, exchanges},
    levels::Levels,
    pack::Packer,
    survey::{Band, Survey},
    victims::victims,
    view::View,
};
use std::cmp::Reverse;

/// Improves the view; says whether anything changed.
pub(super) fn pass(view: &mut View<'_>, levels: &Levels) -> bool {
    let before = view.here.clone();
    let survey = Survey::take(view);
    let mut choice = Choice::new(view, &survey);
    choice.choose_newcomers(levels);
    let mut leaving = choice.choose_victims();
    choice.spare(&mut leaving);
    choice.fill();
    let Choice { here, trades, .. } = choice;
    view.adopt(here);
    for trade in trades {
        record(view, trade);
    }
    view.here != before
}

/// Remembers who leaves for whom. A newcomer of an earlier pass that leaves hands on its own; one
/// that comes back after it left for another is paid for by that one.
fn record(view: &mut View<'_>, mut trade: Exchange) {
    trade.leaving.retain(|index| !view.is_here(*index));
    let inherited: Vec<u32> = trade.leaving.iter().filter_map(|index| view.exchanges.remove(index)).flatten().collect();
    let paying = view.exchanges.iter().find(|(_, leaving)| leaving.contains(&trade.newcomer));
    let newcomer = paying.map_or(trade.newcomer, |(newcomer, _)| *newcomer);
    let all = view.exchanges.entry(newcomer).or_default();
    all.extend(trade.leaving.into_iter().chain(inherited));
    all.sort_unstable();
    all.dedup();
}

/// A pass under way.
struct Choice<'a> {
    view: &'a View<'a>,
    survey: &'a Survey,
    /// Who will be on the disk.
    here: Vec<bool>,
    /// Bytes left by those; negative until victims are chosen, or where last copies are too many.
    free: i128,
    trades: Vec<Exchange>,
}

impl<'a> Choice<'a> {
    fn new(view: &'a View<'a>, survey: &'a Survey) -> Self {
        let used: i128 = view.indices().filter(|i| view.is_here(*i)).map(|i| i128::from(view.footprint(i))).sum();
        Self { view, survey, here: view.here.clone(), free: i128::from(view.size) - used, trades: Vec::new() }
    }

    fn packer(&self) -> Packer<'a> {
        Packer { view: self.view, survey: self.survey }
    }

    fn put(&mut self, items: &[u32], here: bool) {
        for index in items {
            let bytes = i128::from(self.view.footprint(*index));
            self.free += if here { -bytes } else { bytes };
            self.here[*index as usize] = here;
        }
    }

    /// Lowest tier first, each with what is free and what stands strictly above it.
    fn choose_newcomers(&mut self, levels: &Levels) {
        let mut above: i128 = self.survey.bands.values().map(|band| band.on_bytes).sum();
        for (tier, band) in &self.survey.bands {
            above -= band.on_bytes;
            let room = self.free + above;
            if room <= 0 {
                break;
            }
            let completable = levels.completable(*tier);
            let newcomers = self.packer().pack(&band.off, clamp(room), completable);
            self.put(&newcomers, true);
            if tier.exchanges() && newcomers.len() < band.off.len() {
                self.exchange(band, above, completable);
            }
        }
    }

    fn exchange(&mut self, band: &Band, above: i128, completable: bool) {
        let rest: Vec<u32> = band.off.iter().copied().filter(|index| !self.here[*index as usize]).collect();
        for trade in exchanges(self.view, band, &rest, clamp(self.free + above), completable) {
            self.put(&trade.leaving, false);
            self.put(&[trade.newcomer], true);
            self.trades.push(trade);
        }
    }

    /// From the highest tier down: whole tiers, and a part of the last one.
    fn choose_victims(&mut self) -> Vec<u32> {
        let mut leaving = Vec::new();
        for band in self.survey.bands.values().rev() {
            if self.free >= 0 {
                break;
            }
            let staying: Vec<u32> = band.on.iter().copied().filter(|index| self.here[*index as usize]).collect();
            let victims = victims(self.view, self.survey, &staying, clamp(-self.free));
            self.put(&victims, false);
            leaving.extend(victims);
        }
        leaving
    }

    /// Lets those stay for whom there is room after all: lowest tier first, the largest of it.
    fn spare(&mut self, leaving: &mut Vec<u32>) {
        leaving.extend(self.trades.iter().flat_map(|trade| &trade.leaving));
        leaving.sort_by_cached_key(|index| (self.view.tier(*index), Reverse(self.view.footprint(*index)), *index));
        for index in leaving {
            if i128::from(self.view.footprint(*index)) <= self.free {
                self.put(&[*index], true);
            }
        }
    }

    /// Pure gain: what fits without an eviction.
    fn fill(&mut self) {
        for band in self.survey.bands.values() {
            if self.free <= 0 {
                break;
            }
            let rest: Vec<u32> = band.off.iter().copied().filter(|index| !self.here[*index as usize]).collect();
            let filling = self.packer().pack(&rest, clamp(self.free), false);
            self.put(&filling, true);
        }
    }
}

/// Room as a number of bytes: what is negative is none.
fn clamp(room: i128) -> u64 {
    u64::try_from(room.max(0)).unwrap_or(u64::MAX)
}
