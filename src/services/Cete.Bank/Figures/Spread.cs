namespace Cete.Bank;

/// <summary>How credits are spread over accounts: what these have all together, sorted, and never whose is which.</summary>
/// <param name="Accounts">Accounts that have any.</param>
/// <param name="Total">Micro-credits of all of them.</param>
/// <param name="Largest">What the account with the most has.</param>
/// <param name="Deciles">
/// Thousandths of the total that the poorest tenth of accounts has, the two poorest, and so on: ten numbers, the last of them 1,000 (the curve of Lorenz).
/// Empty where nobody has any.
/// </param>
/// <param name="GiniPermille">0 where all have the same, towards 1,000 the more one has it all.</param>
public sealed record Spread(long Accounts, long Total, long Largest, IReadOnlyList<int> Deciles, int GiniPermille)
{
    /// <summary>Parts that accounts are divided into.</summary>
    public const int Parts = 10;

    /// <summary>Nobody has any.</summary>
    public static Spread None { get; } = new(0, 0, 0, [], 0);

    /// <summary>Thousandths of the total that the account with the most has.</summary>
    public int LargestPermille => Total == 0 ? 0 : (int)((Int128)Largest * 1_000 / Total);

    /// <summary>Of what accounts have, the least first; what they have not does not count.</summary>
    public static Spread Of(IReadOnlyList<long> sorted)
    {
        var counter = new Counter(sorted.Count);
        foreach (var one in sorted)
        {
            counter.Add(one);
        }

        return counter.ToSpread();
    }

    /// <summary>Counts one after the other, so that no list of all accounts is needed.</summary>
    /// <param name="count">How many will come, the least first.</param>
    internal sealed class Counter(long count)
    {
        private readonly List<Int128> _marks = [];
        private long _seen;
        private long _largest;
        private Int128 _total;
        private Int128 _weighted;

        public void Add(long balance)
        {
            _seen++;
            while (_marks.Count < Parts && (_marks.Count + 1) * count <= _seen * Parts)
            {
                // A tenth of the accounts may end within one: that is divided.
                _marks.Add(_total + ((Int128)balance * (((_marks.Count + 1) * count) - ((_seen - 1) * Parts)) / Parts));
            }

            _total += balance;
            _weighted += (Int128)balance * _seen;
            _largest = balance;
        }

        public Spread ToSpread()
        {
            if (_total == 0)
            {
                return None;
            }

            // Of sorted x(1..n): G = (2 * sum(i * x(i)) - (n + 1) * sum(x)) / (n * sum(x)).
            var gini = (((2 * _weighted) - ((_seen + 1) * _total)) * 1_000) / (_seen * _total);
            return new Spread(_seen, (long)_total, _largest, [.. _marks.Select(mark => (int)(mark * 1_000 / _total))], (int)gini);
        }
    }
}
