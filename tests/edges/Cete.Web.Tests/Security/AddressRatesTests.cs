using System.Net;
using Cete.Web.Security;

namespace Cete.Web.Tests.Security;

public sealed class AddressRatesTests
{
    private static readonly IPAddress One = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress Other = IPAddress.Parse("192.0.2.2");
    private readonly Clock _clock = new();

    [Fact]
    public void A_burst_is_answered_and_then_the_rate()
    {
        var rates = new AddressRates(10, 5, _clock);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null(rates.Take(One));
        }

        // What is refused costs nothing more.
        Assert.Equal(TimeSpan.FromMilliseconds(100), rates.Take(One));
        Assert.Equal(TimeSpan.FromMilliseconds(100), rates.Take(One));
        Assert.Null(rates.Take(Other));

        _clock.Milliseconds += 100;
        Assert.Null(rates.Take(One));
        Assert.NotNull(rates.Take(One));

        // A rest earns a burst, and not more.
        _clock.Milliseconds += 60_000;
        Assert.Equal(5, Enumerable.Range(0, 20).Count(_ => rates.Take(One) is null));
    }

    [Fact]
    public void Over_a_minute_nobody_is_answered_more_than_rate_and_burst()
    {
        var rates = new AddressRates(3, 7, _clock);
        var answered = 0;
        for (var i = 0; i < 60_000; i++)
        {
            answered += rates.Take(One) is null ? 1 : 0;
            _clock.Milliseconds++;
        }

        Assert.InRange(answered, (3 * 60) + 6, (3 * 60) + 7);
    }

    [Fact]
    public void However_many_come_a_bounded_number_is_remembered_and_those_too_many_share_a_count()
    {
        var rates = new AddressRates(1, 2, _clock);
        for (var i = 0; i < AddressRates.AddressesMax; i++)
        {
            Assert.Null(rates.Take(new IPAddress(i)));
        }

        Assert.Equal(2, Enumerable.Range(0, 5).Select(i => new IPAddress(uint.MaxValue - 10 - i)).Count(address => rates.Take(address) is null));
        Assert.InRange(rates.Count, AddressRates.AddressesMax, AddressRates.AddressesMax + 1);

        // Who was there before is counted as before; those who went are forgotten.
        Assert.Null(rates.Take(new IPAddress(0)));
        Assert.NotNull(rates.Take(new IPAddress(0)));
        _clock.Milliseconds += 10_000;
        Assert.Null(rates.Take(One));
        Assert.Equal(1, rates.Count);
    }

    private sealed class Clock : TimeProvider
    {
        public long Milliseconds { get; set; } = 1_000_000;

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Milliseconds * 1_000;
    }
}
