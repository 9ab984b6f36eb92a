using Cete.Core;
using Cete.Described.Proto;
using Cete.Expressions;

namespace Cete.Described;

/// <summary>Values as they travel in commands and events.</summary>
internal static class Wire
{
    public static FieldValue ToMessage(Value value)
    {
        var message = new FieldValue();
        switch (value.Kind)
        {
            case ValueKind.Null:
                break;
            case ValueKind.Bool:
                message.Flag = value.IsTrue;
                break;
            case ValueKind.Text:
                message.Text = value.AsText;
                break;
            case ValueKind.List:
                message.List = new TextList { Items = { value.AsList.Select(item => item.AsText) } };
                break;
            default:
                message.Number = value.Number;
                break;
        }

        return message;
    }

    /// <summary>A value of a field, as its type has it; a failure where the message is of another type.</summary>
    public static Value FromMessage(FieldDescriptor field, FieldValue? message)
    {
        var kind = FieldTypes.ToExpressionType(field.Type, null)?.Kind ?? ValueKind.Text;
        return (kind, message?.ValueCase ?? FieldValue.ValueOneofCase.None) switch
        {
            (_, FieldValue.ValueOneofCase.None) => Value.Null,
            (ValueKind.Bool, FieldValue.ValueOneofCase.Flag) => Value.Of(message!.Flag),
            (ValueKind.Text, FieldValue.ValueOneofCase.Text) => message!.Text.Length == 0 ? Value.Null : Value.Of(message.Text),
            (ValueKind.List, FieldValue.ValueOneofCase.List) => ListOf(message!.List),
            (ValueKind.Int, FieldValue.ValueOneofCase.Number) => Value.Of(message!.Number),
            (ValueKind.Decimal, FieldValue.ValueOneofCase.Number) => Value.OfDecimal(message!.Number),
            (ValueKind.Timestamp, FieldValue.ValueOneofCase.Number) => Value.OfTimestamp(message!.Number),
            (ValueKind.Duration, FieldValue.ValueOneofCase.Number) => Value.OfDuration(message!.Number),
            (ValueKind.Date, FieldValue.ValueOneofCase.Number) => Value.OfDate(message!.Number),
            _ => throw new RefusedException(new Failure(FailureKind.Invalid, $"{field.Name} is {FieldTypes.NameOf(field.Type)}")),
        };
    }

    /// <summary>A list that is empty is no value: databases and forms cannot tell them apart.</summary>
    public static Value ListOf(TextList list) => list.Items.Count == 0 ? Value.Null : Value.OfList([.. list.Items.Select(Value.Of)]);
}
