using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>What a change makes of a field. Counting up and sets are done here, on the value as it stands, so that two who do it at once both count.</summary>
internal static class FieldChanges
{
    public static Value Apply(FieldDescriptor field, Value before, FieldChange change) => change.ChangeCase switch
    {
        FieldChange.ChangeOneofCase.Add when FieldTypes.IsNumber(field.Type) => Add(field, before, change.Add),
        FieldChange.ChangeOneofCase.Put when field.Type == FieldType.MultiSelect => Merge(before, change.Put, isPut: true),
        FieldChange.ChangeOneofCase.Take when field.Type == FieldType.MultiSelect => Merge(before, change.Take, isPut: false),
        FieldChange.ChangeOneofCase.Set or FieldChange.ChangeOneofCase.None => Wire.FromMessage(field, change.Set),
        _ => throw new RefusedException(new Failure(FailureKind.Invalid, $"{field.Name} is {FieldTypes.NameOf(field.Type)}, of which that cannot be done")),
    };

    private static Value Add(FieldDescriptor field, Value before, long amount)
    {
        var sum = (Int128)before.Number + amount;
        if (sum < long.MinValue || sum > long.MaxValue)
        {
            throw new RefusedException(new Failure(FailureKind.TooLarge, $"{field.Name} would become larger than can be"));
        }

        return field.Type switch
        {
            FieldType.Decimal or FieldType.Credits => Value.OfDecimal((long)sum),
            FieldType.Duration => Value.OfDuration((long)sum),
            _ => Value.Of((long)sum),
        };
    }

    private static Value Merge(Value before, TextList items, bool isPut)
    {
        var merged = before.AsList.Select(item => item.AsText).ToList();
        foreach (var item in items.Items)
        {
            if (!isPut)
            {
                merged.Remove(item);
            }
            else if (!merged.Contains(item))
            {
                merged.Add(item);
            }
        }

        return Wire.ListOf(new TextList { Items = { merged } });
    }
}
