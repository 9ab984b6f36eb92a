using Cete.Core;
using Cete.Described;
using Cete.Expressions;

namespace Cete.Web.Pages.Services;

/// <summary>
/// What a rule probably says, so that pages leave out buttons that would be refused. It reads what whoever asks can see himself; where a rule asks for more,
/// the button is shown to whoever is known, and the service decides.
/// </summary>
internal sealed class RuleGuess : IEvaluationScope
{
    private readonly Standing _asker;
    private readonly RecordView? _record;
    private readonly Instant _now;
    private bool _isUnsure;

    private RuleGuess(Standing asker, RecordView? record, Instant now) => (_asker, _record, _now) = (asker, record, now);

    /// <summary>Whether a rule may let somebody do it.</summary>
    public static bool May(Rule rule, Standing asker, RecordView? record, Instant now) =>
        rule.Condition is { } condition ? Holds(condition, asker, record, now) : rule.IsOpen;

    /// <summary>Whether a condition may hold.</summary>
    public static bool Holds(Expression condition, Standing asker, RecordView? record, Instant now)
    {
        var guess = new RuleGuess(asker, record, now);
        var holds = condition.Evaluate(guess).IsTrue;
        return guess._isUnsure ? asker.IsKnown : holds;
    }

    public Value Get(string variable) => variable == "now" ? Value.OfTimestamp(_now.Microseconds) : Unsure();

    public Value Get(string variable, string field) => (variable, field) switch
    {
        ("auth", "id") => Value.Of(_asker.Account),
        ("auth", "known") => Value.Of(_asker.IsKnown),
        ("auth", "roles") => Value.OfList([.. _asker.Roles.Select(role => Value.Of(role))]),
        ("record", "id" or "owner" or "created" or "updated" or "revision") when _record is not null => _record.Get(field),
        ("record", _) when _record?.Values.Any(pair => pair.Key == field) == true => _record.Get(field),
        _ => Unsure(),
    };

    public Value Follow(RecordType type, long id, string field) => Unsure();

    public Value Aggregate(CollectionMacro macro, IEvaluationScope scope) => Unsure();

    private Value Unsure()
    {
        _isUnsure = true;
        return Value.Null;
    }
}
