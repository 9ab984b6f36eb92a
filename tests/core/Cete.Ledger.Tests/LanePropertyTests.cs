using Cete.Core;
using Cete.Ledger.Channels;
using FsCheck;
using FsCheck.Fluent;

namespace Cete.Ledger.Tests;

/// <summary>
/// Both sides of a lane against each other, over connections that break, crashes of either side and prices of every size: whatever happens, neither
/// loses more than a window, and two honest sides always come to an end.
/// </summary>
public sealed class LanePropertyTests
{
    private const long Piece = 256 * 1024;

    [Fact]
    public void NeitherSideLosesMoreThanAWindowAndHonestOnesComeToAnEnd()
    {
        var runs = from seed in Gen.Choose(0, int.MaxValue)
                   from price in Gen.Elements(Prices)
                   from pieces in Gen.Choose(1, 300)
                   from faults in Gen.Choose(0, 3)
                   select (seed, price, pieces, faults);
        Prop.ForAll(runs.ToArbitrary(), run => new Game((ulong)run.seed, run.price, run.pieces, run.faults).Play()).Check(Quick());
    }

    [Fact]
    public void WhoSendsNothingForItsPayIsPaidNothing()
    {
        var runs = from seed in Gen.Choose(0, int.MaxValue) from price in Gen.Elements(Prices) select (seed, price);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var (chance, payer) = (new Prng((ulong)run.seed), new PayerLane(run.price, Credits.CostOf(1L << 30, run.price)));
            payer.HoldPiece(Piece);
            for (var step = 0; step < 50; step++)
            {
                payer.Ask(Piece);
                payer.End(isBroken: chance.Chance(1, 2));
                payer.Refused(chance.Next(int.MaxValue) * (long)Piece, Piece);
                payer.Promise(payer.Owed);
                Assert.InRange(payer.Promised, 0, Credits.CostOf(Window.First, run.price));
            }

            Assert.Equal(0, payer.Verified);
        }).Check(Quick());
    }

    [Fact]
    public void WhoPaysNothingGetsAWindowWhateverItSays()
    {
        var runs = from seed in Gen.Choose(0, int.MaxValue) from price in Gen.Elements(Prices) select (seed, price);
        Prop.ForAll(runs.ToArbitrary(), run =>
        {
            var chance = new Prng((ulong)run.seed);
            var provider = new ProviderLane(run.price, Credits.CostOf(1L << 30, run.price));
            long got = 0;
            for (var step = 0; step < 200; step++)
            {
                var bytes = (long)chance.Next((int)(2 * Piece));
                got += provider.Send(bytes) is null ? bytes : 0;
                Assert.NotNull(provider.Take(provider.Cap + 1 + chance.Next(1_000)));
                Assert.NotNull(provider.Take(-1));
            }

            Assert.InRange(got, 0, provider.WindowSize + Credits.BytesFor(0, run.price));
            Assert.Equal(Window.First, provider.WindowSize);
        }).Check(Quick());
    }

    private static readonly long[] Prices = [1, 3, 999, 1_000, 1_000_000, 7_777_777, Credits.Micro * 1_000];

    private static Config Quick() => Config.QuickThrowOnFailure.WithMaxTest(300);

    /// <summary>An honest download over one lane, where connections break and both sides crash.</summary>
    private sealed class Game(ulong seed, long price, int pieces, int faults)
    {
        private readonly Prng _chance = new(seed);
        private long _cap = Credits.CostOf(4 * Piece, price) + 1;
        private long _sentReally;

        public void Play()
        {
            var total = pieces * Piece;
            var (payer, provider) = (new PayerLane(price, _cap), new ProviderLane(price, _cap));
            Hold(payer, provider);
            for (var (step, refusals) = (0, 0); payer.Verified < total; step++)
            {
                Assert.True(step < 5_000, "it does not come to an end");
                if (payer.Affordable < Math.Min(total - payer.Verified, Math.Max(Piece, payer.Room)))
                {
                    _cap += Credits.CostOf(8 * Piece, price) + 1;
                    payer.Widen(_cap);
                    provider.Widen(_cap);
                }

                var before = payer.Promised;
                payer.Promise(payer.Owed);
                Assert.True(payer.Promised >= before, "sums never fall");
                Assert.Null(provider.Take(payer.Promised));
                var bytes = Math.Min(total - payer.Verified, payer.Room) / Piece * Piece;
                if (bytes < Piece)
                {
                    // Who broke connections on purpose ends here: a window is lost, and no more.
                    Assert.True(faults > 0 && ++refusals > 0);
                    if (!payer.Refused(provider.Sent, Piece))
                    {
                        return;
                    }

                    continue;
                }

                payer.Ask(bytes);
                Exchange(payer, provider, bytes);
                Look(payer, provider);
                Assert.InRange(provider.Sent - Unkept(provider, provider.Sent), provider.Sent - provider.WindowSize, provider.Sent);
            }

            payer.Promise(payer.Owed);
            Assert.Null(provider.Take(payer.Promised));
            Look(payer, provider);
        }

        private void Exchange(PayerLane payer, ProviderLane provider, long bytes)
        {
            if (provider.MustKeepBefore(bytes))
            {
                provider.Keep(provider.Paid);
            }

            if (provider.Send(bytes) is not null)
            {
                Assert.True(faults > 0, "two honest sides count alike as long as nothing breaks");
                payer.End(isBroken: false);
                payer.Refused(provider.Sent, Piece);
                return;
            }

            var breaks = faults > 0 && _chance.Chance(faults, 20);
            var arrived = breaks ? _chance.Next((int)(bytes / Piece) + 1) * Piece : bytes;
            var left = breaks ? Math.Min(bytes, arrived + _chance.Next((int)Piece)) : bytes;
            provider.Unsend(bytes - left);
            _sentReally += left;
            payer.Verify(arrived);
            payer.End(isBroken: breaks);
        }

        private void Look(PayerLane payer, ProviderLane provider)
        {
            Assert.InRange(payer.Promised, 0, payer.Cap);
            Assert.InRange(payer.Conceded, 0, payer.WindowSize);
            Assert.InRange(payer.Promised, 0, Credits.CostOf(payer.Verified + payer.WindowSize, price));
            Assert.InRange(provider.Paid, 0, provider.Cap);

            Assert.InRange(_sentReally - Credits.BytesFor(provider.Paid, price), long.MinValue, provider.WindowSize);
            Assert.InRange(Unkept(provider, provider.Sent), 0, 2 * provider.WindowSize);
        }

        /// <summary>Bytes whose pay a crash would take away.</summary>
        private long Unkept(ProviderLane provider, long sent) =>
            Math.Min(Credits.BytesFor(provider.Paid, price), sent) - Math.Min(Credits.BytesFor(provider.Kept, price), sent);

        private static void Hold(PayerLane payer, ProviderLane provider)
        {
            payer.HoldPiece(Piece);
            provider.HoldPiece(Piece);
        }
    }
}
