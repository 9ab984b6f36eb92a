namespace Cete.Hocon;

/// <summary>The errors of one resolution.</summary>
internal sealed class Diagnostics(HoconLimits limits)
{
    private readonly List<HoconError> _errors = [];

    public int Count => _errors.Count;

    /// <summary>Notes an error; the work goes on unless there are too many.</summary>
    /// <exception cref="HoconException">There are <see cref="HoconLimits.ErrorsMax"/> of them.</exception>
    public void Report(HoconError error)
    {
        // A field that is looked at from two sides is wrong only once.
        if (_errors.Contains(error))
        {
            return;
        }

        _errors.Add(error);
        if (_errors.Count >= limits.ErrorsMax)
        {
            throw new HoconException(_errors);
        }
    }

    /// <summary>The exception for an error after which the work cannot go on.</summary>
    public HoconException Abort(HoconError error)
    {
        if (!_errors.Contains(error))
        {
            _errors.Add(error);
        }

        return new HoconException(_errors);
    }

    public void ThrowIfAny()
    {
        if (_errors.Count > 0)
        {
            throw new HoconException(_errors);
        }
    }
}
