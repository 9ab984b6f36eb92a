namespace Cete.Expressions;

/// <summary>The values that an expression is evaluated with. What is not there is <see cref="Value.Null"/>; nothing throws.</summary>
public interface IEvaluationScope
{
    /// <summary>A variable that is one value.</summary>
    Value Get(string variable);

    /// <summary>A field of a variable that has fields.</summary>
    Value Get(string variable, string field);

    /// <summary>A field of the record that a relation points to; null when it is gone.</summary>
    Value Follow(RecordType type, long id, string field);

    /// <summary>
    /// What a macro over a collection gives. Who has a database asks it with what <see cref="CollectionMacro.WriteSql"/> writes; all others go through
    /// the records with <see cref="CollectionMacro.Evaluate"/>.
    /// </summary>
    /// <param name="macro">The macro.</param>
    /// <param name="scope">What it reads beside the records: this scope, and the variables of macros around it.</param>
    Value Aggregate(CollectionMacro macro, IEvaluationScope scope);
}
